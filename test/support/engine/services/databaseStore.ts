import { FsByteStore } from '@n8n/blob-storage';
import { BinaryDataBlobManager, type BinaryDataService, type ErrorReporter } from 'n8n-core';

/**
 * Stands in for n8n's database, S3 and Azure stores, whose files can only be read as streams. Their
 * 'path' is not a path, so a node that opened it would fail here, too.
 */
export function addDatabaseStore(
	service: BinaryDataService,
	folder: string,
	reporter: ErrorReporter,
): void {
	const store = new FsByteStore({ storagePath: folder, reportError: () => {} });
	service.setManager('database', new PathlessManager(store, reporter));
}

class PathlessManager extends BinaryDataBlobManager {
	override getPath(fileId: string): string {
		return `database://${fileId}`;
	}
}
