import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { truncate } from 'node:fs/promises';

/** A file for an item. Without a MIME type it comes as most downloads do. */
export interface SourceFile {
	content: Buffer;
	fileName?: string;
	mimeType?: string;
	/** As items of Code nodes and pinned data are: base64 in the item, whatever n8n's mode. */
	inline?: boolean;
	/** Bytes to which the stored file is stretched with a hole; in mode `filesystem` alone. */
	stretchedTo?: number;
	/** Told where the stored file is; in mode `filesystem` alone. */
	onStored?: (path: string) => void;
}

export interface SourceItem {
	/** Null: as nodes of other packages may leave it out. */
	json?: IDataObject | null;
	/** By field. */
	files?: Record<string, SourceFile>;
	/** As n8n leaves it with items that came by the error output of another node. */
	error?: Error;
	/** Changes what is put out in place of the files, as a Code node may. */
	rewrite?: (binary: Record<string, IBinaryData>) => unknown;
}

export const SOURCE = 'standIn.source';
export const PASS_ON = 'standIn.passOn';
export const WITHOUT_FILES = 'standIn.withoutFiles';

/** Puts out the items given to the run, their files stored by n8n. */
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

/** Stand-ins for nodes of n8n's own that do next to nothing, by their real names where they have one. */
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
	// Given a type, n8n doesn't look for one: that needs a module which jest can't load.
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
