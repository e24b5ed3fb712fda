import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { truncate } from 'node:fs/promises';

/** A file of an item. Without a MIME type, it is `application/octet-stream`, like most downloads. */
export interface SourceFile {
	content: Buffer;
	fileName?: string;
	mimeType?: string;
	/** Puts the content into the item as base64, like Code nodes and pinned data, in any binary mode. */
	inline?: boolean;
	/** Stretches the stored file to this size with a hole. Only in the mode `filesystem`. */
	stretchedTo?: number;
	/** Gets the path of the stored file. Only in the mode `filesystem`. */
	onStored?: (path: string) => void;
}

export interface SourceItem {
	/** Null leaves it out, as nodes of other packages may do. */
	json?: IDataObject | null;
	/** By field. */
	files?: Record<string, SourceFile>;
	/** n8n leaves this on items from the error output of another node. */
	error?: Error;
	/** Replaces the files of the output, as a Code node may do. */
	rewrite?: (binary: Record<string, IBinaryData>) => unknown;
}

export const SOURCE = 'standIn.source';
export const PASS_ON = 'standIn.passOn';
export const WITHOUT_FILES = 'standIn.withoutFiles';

/** Outputs the items of the run, after n8n has stored their files. */
export function sourceNode(items: readonly SourceItem[]): Record<string, INodeType> {
	return {
		[SOURCE]: {
			description: describe('Source', { inputs: [] }),
			async execute(this: IExecuteFunctions) {
				return [await Promise.all(items.map((item) => emit(this, item)))];
			},
		},
	};
}

/** Stand-ins for n8n's own nodes that do next to nothing, by their real names if they have one. */
export const STAND_INS: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': passOn('Manual Trigger'),
	'n8n-nodes-base.stickyNote': passOn('Sticky Note'),
	[PASS_ON]: passOn('Pass On'),
	[WITHOUT_FILES]: {
		description: describe('Without Files'),
		async execute(this: IExecuteFunctions) {
			return [this.getInputData().map(({ json, pairedItem }) => ({ json, pairedItem }))];
		},
	},
};

async function emit(
	context: IExecuteFunctions,
	{ json = {}, files, rewrite, error }: SourceItem,
): Promise<INodeExecutionData> {
	const fields = { ...(json && { json }), ...(error && { error }) } as INodeExecutionData;
	if (!files && !rewrite) return fields;
	const binary: Record<string, IBinaryData> = {};
	for (const [field, file] of Object.entries(files ?? {})) {
		binary[field] = await store(context, file);
	}
	return { ...fields, binary: (rewrite?.(binary) ?? binary) as INodeExecutionData['binary'] };
}

async function store(
	{ helpers }: IExecuteFunctions,
	{ content, fileName, mimeType = 'application/octet-stream', inline, ...more }: SourceFile,
): Promise<IBinaryData> {
	if (inline) return { data: content.toString('base64'), mimeType, fileName };
	// With a type, n8n doesn't detect one, for which it needs a module that jest can't load.
	const stored = await helpers.prepareBinaryData(content, undefined, mimeType || 'text/plain');
	if (more.stretchedTo) await truncate(helpers.getBinaryPath(stored.id ?? ''), more.stretchedTo);
	more.onStored?.(helpers.getBinaryPath(stored.id ?? ''));
	return { ...stored, mimeType, fileName };
}

function passOn(displayName: string): INodeType {
	return {
		description: describe(displayName),
		async execute(this: IExecuteFunctions) {
			return [this.getInputData()];
		},
	};
}

export function describe(
	displayName: string,
	more: Partial<INodeTypeDescription> = {},
): INodeTypeDescription {
	return {
		displayName,
		name: displayName.replace(/ /g, ''),
		group: ['transform'],
		version: 1,
		description: displayName,
		defaults: { name: displayName },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...more,
	};
}
