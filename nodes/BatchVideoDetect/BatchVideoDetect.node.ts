import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { VIDEOS } from '../../client/mediaKind';
import { CREDENTIAL_TEST, testCredential } from '../detect/credentialTest';
import { describeNode } from '../detect/description';
import { execute } from '../detect/execute';

export class BatchVideoDetect implements INodeType {
	description: INodeTypeDescription = describeNode(VIDEOS, {
		displayName: 'Batch Video Detect',
		name: 'batchVideoDetect',
		description: 'Check videos for AI generation with BitMind, up to 20 per request',
	});

	methods = { credentialTest: { [CREDENTIAL_TEST]: testCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, VIDEOS);
	}
}
