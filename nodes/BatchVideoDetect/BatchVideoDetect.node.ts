import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { VIDEOS } from '../../client';
import { testCredential } from '../shared/credential/credentialTest';
import { builderHint } from '../shared/settings/builderHint';
import { properties, SUBTITLE, VERSIONS } from '../shared/settings/description';
import { execute } from '../shared/execute';
import { OUTPUTS } from '../shared/output/routing';

export class BatchVideoDetect implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Batch Video Detect',
		name: 'batchVideoDetect',
		icon: { light: 'file:batchVideoDetect.svg', dark: 'file:batchVideoDetect.dark.svg' },
		group: ['transform'],
		version: VERSIONS,
		subtitle: SUBTITLE,
		description: 'Check videos for AI generation with BitMind, up to 20 per request',
		defaults: { name: 'Batch Video Detect' },
		inputs: [NodeConnectionTypes.Main],
		outputs: OUTPUTS,
		usableAsTool: true,
		builderHint: builderHint(VIDEOS, {
			displayName: 'Batch Image Detect',
			name: 'batchImageDetect',
		}),
		credentials: [
			{ name: 'bitMindEnterpriseApi', required: true, testedBy: 'bitMindEnterpriseApiTest' },
		],
		properties: properties(VIDEOS),
	};

	methods = { credentialTest: { bitMindEnterpriseApiTest: testCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, VIDEOS);
	}
}
