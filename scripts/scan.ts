import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNpm } from '../test/support/host/command';

/** The scan that n8n runs before it verifies a community package. */
const SCANNER = '@n8n/scan-community-package';
const VERSION = '0.32.0';

export interface Finding {
	/** A path below the scanned folder. */
	file: string;
	line: number;
	rule: string;
	message: string;
}

interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	analyzePackage: (
		folder: string,
		patterns: string[],
	) => Promise<{ passed: boolean; message?: string; details?: string }>;
}

/** The findings of the scan in the sources and in the unpacked tarball. */
export async function scan(sources: string, unpacked: string): Promise<Finding[]> {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await installScanner();
	const found: Finding[] = [];
	const parts: Array<[string, string[]]> = [
		[sources, SOURCE_FILE_PATTERNS],
		[unpacked, ['**/*.js', 'package.json']],
	];
	for (const [folder, patterns] of parts) {
		const { passed, message, details = '' } = await analyzePackage(folder, patterns);
		const findings = parse(details, folder);
		// This isn't a scan without findings: the scan failed, or its output has changed.
		if (!passed && findings.length === 0) {
			throw new Error(`The scan failed, and its output is unreadable: ${message}\n${details}`);
		}
		found.push(...findings);
	}
	return found;
}

/** Installs the scan into the user's cache. As a development dependency, it would add 220 MB. */
async function installScanner(): Promise<Scanner> {
	const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	const folder = join(cache, 'n8n-nodes-bitmind', `scanner-${VERSION}`);
	const entry = join(folder, 'node_modules', SCANNER, 'scanner', 'scanner.mjs');
	// npm writes this file last.
	if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) {
		console.log(`Installing ${SCANNER} ${VERSION} into ${folder}, once`);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
		const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
		await runNpm(['install', ...flags, `${SCANNER}@${VERSION}`], { cwd: folder });
	}
	return (await import(pathToFileURL(entry).href)) as Scanner;
}

/** The output of the scan is text: a line per file, followed by a line per finding. */
function parse(details: string, folder: string): Finding[] {
	const found: Finding[] = [];
	let file = '';
	for (const line of details.split('\n')) {
		if (line.startsWith(folder)) file = line.slice(folder.length + 1);
		const finding = /^\s+(\d+):\d+\s+error\s+(.*?)\s+(\S+)$/.exec(line);
		if (!finding) continue;
		const [, number, message = '', rule = ''] = finding;
		found.push({ file, line: Number(number), rule, message });
	}
	return found;
}
