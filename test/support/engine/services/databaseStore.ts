import { FsByteStore } from '@n8n/blob-storage';
import { BinaryDataBlobManager, type BinaryDataService, type ErrorReporter } from 'n8n-core';

/**
 * Stands in for n8n's database, S3 and Azure stores: files that are reached by streams alone. What
 * these give for a path is no path, and a node that opened it would fail here, too.
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
