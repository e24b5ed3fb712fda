import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { MailServer } from '../test/support/servers/mailServer';

/**
 * A mail server for the examples. It stores each mail as a page that can be opened in a browser, with
 * working links.
 */
export async function startLocalMail(folder: string): Promise<MailServer> {
	await mkdir(folder, { recursive: true });
	let count = 0;
	return await MailServer.start(async ({ subject = '', html, textAsHtml, to }) => {
		const path = join(folder, `${Date.now()}-${++count}.html`);
		await writeFile(path, html || textAsHtml || '');
		const address = [to].flat()[0]?.text;
		console.log(`  mail to ${address}: ${subject} → ${relative(process.cwd(), path)}`);
	});
}
