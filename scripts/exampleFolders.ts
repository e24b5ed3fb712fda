/** As people get the examples, and what is there in this project in their place. */
const FOLDERS: Readonly<Record<string, string>> = {
	'"/files/inbox/*"': '"test/fixtures/media/{images,videos}/*"',
	'"/files/reports"': '".n8n-dev/reports"',
};

/** An example's JSON text with folders that exist below the project. */
export function withProjectFolders(example: string): string {
	return Object.entries(FOLDERS).reduce(
		(text, [theirs, ours]) => text.replaceAll(theirs, ours),
		example,
	);
}
