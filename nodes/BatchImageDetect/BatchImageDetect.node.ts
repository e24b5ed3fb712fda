import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { IMAGES } from '../../client/mediaKind';
import { testCredential } from '../detect/credentialTest';
import { properties, SUBTITLE } from '../detect/description';
import { execute } from '../detect/execute';
import { OUTPUTS } from '../detect/routing';

export class BatchImageDetect implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Batch Image Detect',
		name: 'batchImageDetect',
		icon: { light: 'file:batchImageDetect.svg', dark: 'file:batchImageDetect.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: SUBTITLE,
		description: 'Check images for AI generation with BitMind, up to 50 per request',
		defaults: { name: 'Batch Image Detect' },
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		usableAsTool: true,
		credentials: [
			{ name: 'bitMindEnterpriseApi', required: true, testedBy: 'bitMindEnterpriseApiTest' },
		],
		properties: properties(IMAGES),
	};

	methods = { credentialTest: { bitMindEnterpriseApiTest: testCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, IMAGES);
	}
}
