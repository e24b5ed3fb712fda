import type { IBinaryData, IDataObject } from 'n8n-workflow';
import {
	readBinaryFields,
	type ItemWithFiles,
} from '../../../../../nodes/shared/input/binaryFields';
import { filesOf } from '../../../../../nodes/shared/input/itemFiles';
import {
	InputProblemError,
	type InputProblem,
} from '../../../../../nodes/shared/settings/inputProblem';
import type { InputItem } from '../../../../../nodes/shared/settings/execution';

/** A file that n8n has stored. */
export const stored = (id: string, more: Partial<IBinaryData> = {}): IBinaryData => ({
	id,
	data: 'filesystem-v2',
	mimeType: 'image/jpeg',
	fileName: `${id}.jpg`,
	fileSize: '3 kB',
	...more,
});
/** A file with its content in the item. */
export const inline = (name: string, data: string): IBinaryData => ({
	data,
	mimeType: 'image/jpeg',
	fileName: name,
	fileSize: '3 kB',
});
/** The file as an expression gives it: without its content. */
export const described = ({ fileName, mimeType, fileSize }: IBinaryData) => ({
	fileName,
	mimeType,
	fileSize,
});

interface Given {
	wanted: unknown;
	binary?: Record<string, IBinaryData>;
	json?: IDataObject;
	/** The workflow uses combined binary data, so that files are in the JSON. */
	isCombined?: boolean;
	/** The files that n8n finds by a path into the JSON. */
	byPath?: Record<string, IBinaryData>;
	isLenient?: boolean;
}

export function itemOf({
	wanted,
	binary,
	json = {},
	isCombined,
	byPath = {},
}: Given): ItemWithFiles {
	const assertBinaryData = (item: number, path: string) => {
		if (item !== 3 || !byPath[path]) throw new Error(`no file at ${path}`);
		return byPath[path];
	};
	const execution = {
		context: {
			getWorkflowSettings: () => ({ binaryMode: isCombined ? 'combined' : undefined }),
			helpers: { assertBinaryData },
		},
		parameters: {
			read: (name: string) => (name === 'binaryPropertyName' ? wanted : `no ${name}`),
		},
	};
	const item = { json, ...(binary && { binary }) };
	const input = { execution, item, index: 3 } as unknown as InputItem;
	return { ...input, files: filesOf(input.execution.context, item) };
}

/** The fields that are found, with their IDs or contents, and the problem. */
export function found(given: Given): [Record<string, string>, InputProblem | undefined] {
	try {
		const { fields, problem } = readBinaryFields(itemOf(given), given.isLenient ?? false);
		const entries = fields.map(({ field, data }) => [field, data.id ?? data.data] as const);
		return [Object.fromEntries(entries), problem];
	} catch (error) {
		if (!(error instanceof InputProblemError)) throw error;
		return [{}, error.problem];
	}
}

export const A = stored('a');
export const B = stored('b');
export const THREE = { a: A, b: B, 'c, d': stored('cd') };
export const AVAILABLE = ['a', 'b', 'c, d'];
