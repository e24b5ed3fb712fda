import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { IMAGES } from '../../client/mediaKind';
import { CREDENTIAL_TEST, testCredential } from '../detect/credentialTest';
import { describeNode } from '../detect/description';
import { execute } from '../detect/execute';

export class BatchImageDetect implements INodeType {
	description: INodeTypeDescription = describeNode(IMAGES, {
		displayName: 'Batch Image Detect',
		name: 'batchImageDetect',
		description: 'Check images for AI generation with BitMind, up to 50 per request',
	});

	methods = { credentialTest: { [CREDENTIAL_TEST]: testCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, IMAGES);
	}
}
