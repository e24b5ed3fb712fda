// Reads n8n's SQLite database, with n8n's own Node. `node database.cjs <file>` removes all files from it.
const { DatabaseSync } = require('node:sqlite');

/** All files in it: their sizes by their IDs, and a function that reads one. */
exports.storedFiles = (path) => {
	const database = new DatabaseSync(path, { readOnly: true });
	const all = database.prepare('SELECT fileId, fileSize FROM binary_data').all();
	const one = database.prepare('SELECT data FROM binary_data WHERE fileId = ?');
	return {
		sizes: new Map(all.map(({ fileId, fileSize }) => [fileId, fileSize])),
		read: (fileId) => Buffer.from(one.get(fileId).data.buffer),
	};
};

if (require.main === module) {
	new DatabaseSync(process.argv[2]).exec('DELETE FROM binary_data');
}
