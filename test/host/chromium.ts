import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Log, runCommand } from './command';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Finds Chromium or Chrome on this machine; installs Debian's where that is possible without asking. */
export async function findChromium(log: Log): Promise<string> {
	const found = process.env.CHROMIUM_PATH || onPath();
	if (found) return found;
	if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
		throw new Error(
			'The browser tests need Chromium or Chrome: install one, or name it in CHROMIUM_PATH',
		);
	}
	log('Chromium: installing it from Debian, once');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
		const { exitCode, output } = await runCommand('apt-get', ['-q', ...args], { env });
		if (exitCode !== 0) throw new Error(`apt-get ${args.join(' ')}:\n${output.slice(-2_000)}`);
	}
	const installed = onPath();
	if (!installed) throw new Error('apt-get brought no chromium onto the PATH');
	return installed;
}

function onPath(): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
	return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
