import glob from 'fast-glob';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { createReadStream } from 'node:fs';
import { describe } from '../standIns';

/**
 * Stands in for 'Read/Write Files from Disk' of n8n-nodes-base, a package of 183 MB without its
 * dependencies. It only reads, with the same parameters, pattern library and output, but doesn't check
 * which folders may be read.
 */
export const readFilesStandIn: INodeType = {
	description: describe('Read Files from Disk (Stand-In)', {
		version: [1, 1.1],
		properties: [
			{ displayName: 'File(s) Selector', name: 'fileSelector', type: 'string', default: '' },
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				default: {},
				options: [
					{
						displayName: 'Put Output File in Field',
						name: 'dataPropertyName',
						type: 'string',
						default: 'data',
					},
				],
			},
		],
	}),
	async execute(this: IExecuteFunctions) {
		const items: INodeExecutionData[] = [];
		for (const [index] of this.getInputData().entries()) {
			const selector = this.getNodeParameter('fileSelector', index) as string;
			const { dataPropertyName: field = 'data' } = this.getNodeParameter('options', index, {});
			const paths = await glob(selector.replace(/\\?([()[\]])/g, '\\$1'));
			for (const path of paths.sort()) {
				const file = await this.helpers.prepareBinaryData(createReadStream(path), path);
				const { mimeType, fileType, fileName, fileExtension, fileSize } = file;
				items.push({
					json: { mimeType, fileType, fileName, fileExtension, fileSize },
					binary: { [String(field)]: file },
					pairedItem: { item: index },
				});
			}
		}
		return [items];
	},
};
