import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { IMAGES } from '../../client';
import { testCredential } from '../shared/credential/credentialTest';
import { builderHint } from '../shared/settings/builderHint';
import { properties, SUBTITLE, VERSIONS } from '../shared/settings/description';
import { execute } from '../shared/execute';
import { OUTPUTS } from '../shared/output/routing';

export class BatchImageDetect implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Batch Image Detect',
		name: 'batchImageDetect',
		icon: { light: 'file:batchImageDetect.svg', dark: 'file:batchImageDetect.dark.svg' },
		group: ['transform'],
		version: VERSIONS,
		subtitle: SUBTITLE,
		description: 'Check images for AI generation with BitMind, up to 50 per request',
		defaults: { name: 'Batch Image Detect' },
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		usableAsTool: true,
		builderHint: builderHint(IMAGES, {
			displayName: 'Batch Video Detect',
			name: 'batchVideoDetect',
		}),
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
