import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { BinarySource } from './content/binarySource';
import { NoContentError, readBinarySource } from './content/readBinarySource';
import { InputProblemError, type Unreadable } from '../settings/inputProblem';
import { fieldsOf, textOf } from '../settings/untyped';
import { KeptContents } from './content/keptContents';
import { NoAnswerError, StorageWatch } from './content/storageWatch';

/** A file as it is named in messages. */
export interface NamedFile {
	field: string;
	/** The original name; empty if there is none. */
	fileName: string;
}

/** Looks at files before they are sent, and reports the ones that can't be read. */
export class FileLook {
	private readonly storage: StorageWatch;
	private readonly kept = new KeptContents();

	/** @param timeoutMs milliseconds that n8n's storage has for each file */
	constructor(
		private readonly helpers: IExecuteFunctions['helpers'],
		private readonly timeoutMs: number,
	) {
		this.storage = new StorageWatch(timeoutMs);
	}

	/** @throws InputProblemError for a file that can't be read */
	async at(binary: IBinaryData, named: NamedFile): Promise<BinarySource> {
		const read = () => readBinarySource(this.helpers, binary, this.kept);
		const looking = binary.id ? this.storage.within(read) : read();
		return await looking.catch((error) => this.refuse(error, named, String(binary.id)));
	}

	private refuse(error: unknown, named: NamedFile, id: string): never {
		if (error instanceof NoContentError) {
			throw new InputProblemError({ kind: error.reason, ...named });
		}
		if (error instanceof NoAnswerError) {
			const seconds = this.timeoutMs / 1000;
			throw new InputProblemError({ kind: 'noAnswer', ...named, seconds });
		}
		throw new InputProblemError({ kind: 'unreadable', ...named, cause: causeOf(error, id) });
	}
}

function causeOf(error: unknown, id: string): Unreadable {
	const { code, message } = fieldsOf(error);
	if (code === 'ENOENT' || message === 'File not found') return { kind: 'gone' };
	if (/^No binary data manager/.test(textOf(message))) {
		return { kind: 'noStore', mode: id.split(':', 1)[0] ?? '' };
	}
	// Not the message, because messages of databases and clouds may contain anything.
	return { kind: 'refused', code: typeof code === 'string' ? code : 'unknown reason' };
}
