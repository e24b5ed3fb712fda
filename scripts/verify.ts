/**
 * `npm run verify [-- <tag>]`: all that can be checked on this machine of what has to hold before
 * the package is published. With a tag, that it names the version, too.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from '../test/host/command';
import { packProject } from '../test/host/pack';
import { scan, type Finding } from './scan';

const PROJECT = resolve(__dirname, '..');

/**
 * Rules for packages that run on n8n Cloud. This one brings an HTTP client of its own: n8n's cannot
 * send many items' files in one request.
 */
const FOLLOW_FROM_THE_DEPENDENCIES: Record<string, string> = {
	'@n8n/community-nodes/no-runtime-dependencies': 'undici, form-data and zod are dependencies',
	'@n8n/community-nodes/no-restricted-imports':
		'they are required, and what of Node they are used with: connections, certificates, streams, files',
	'@n8n/community-nodes/no-restricted-globals':
		'uploads are given up when they make no progress for a while: timers',
};

const IN_THE_TARBALL =
	/^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.*\.(js|d\.ts|svg|node\.json))$/;

async function main(): Promise<number> {
	const unpacked = await mkdtemp(join(tmpdir(), 'bitmind-verify-'));
	try {
		const tarball = await packProject();
		await runCommand('tar', ['-xzf', tarball, '-C', unpacked]);
		const { stdout } = await runCommand('tar', ['-tzf', tarball]);
		const files = stdout
			.trim()
			.split('\n')
			.map((path) => path.replace(/^package\//, ''));
		const problems = [
			...(await versionProblems(process.argv[2])),
			...tarballProblems(files),
			...(await lockProblems()),
		];
		const findings = await scan(PROJECT, join(unpacked, 'package'));
		report(findings);
		const others = findings.filter(({ rule }) => !(rule in FOLLOW_FROM_THE_DEPENDENCIES));
		for (const problem of problems) console.error(`✗ ${problem}`);
		if (problems.length + others.length > 0) return 1;
		console.log(`✓ version, changelog, lockfile and the tarball's ${files.length} files`);
		return 0;
	} finally {
		await rm(unpacked, { recursive: true, force: true });
	}
}

async function versionProblems(tag: string | undefined): Promise<string[]> {
	const { version } = JSON.parse(await read('package.json')) as { version: string };
	const changelog = await read('CHANGELOG.md');
	const problems: string[] = [];
	if (!changelog.includes(`\n## ${version}`)) {
		problems.push(`CHANGELOG.md has no section for version ${version}`);
	}
	if (tag !== undefined && tag !== `v${version}`) {
		problems.push(`The tag ${tag} does not name the version ${version} of package.json`);
	}
	return problems;
}

function tarballProblems(files: readonly string[]): string[] {
	const wanted = ['README.md', 'LICENSE', 'CHANGELOG.md'].filter((name) => !files.includes(name));
	const unwanted = files.filter((path) => !IN_THE_TARBALL.test(path));
	return [
		...wanted.map((name) => `The tarball lacks ${name}`),
		...unwanted.map((path) => `The tarball holds ${path}`),
	];
}

async function lockProblems(): Promise<string[]> {
	const hasAddresses = (await read('package-lock.json')).includes('"resolved": "http');
	return hasAddresses ? ['package-lock.json names the registry of the machine it was made on'] : [];
}

async function read(file: string): Promise<string> {
	return await readFile(join(PROJECT, file), 'utf8');
}

function report(findings: readonly Finding[]): void {
	for (const [rule, reason] of Object.entries(FOLLOW_FROM_THE_DEPENDENCIES)) {
		const places = findings.filter((finding) => finding.rule === rule);
		console.log(`${rule}, ${places.length} times: ${reason}`);
		for (const { file, line } of places) console.log(`    ${file}:${line}`);
	}
	for (const { file, line, rule, message } of findings) {
		if (rule in FOLLOW_FROM_THE_DEPENDENCIES) continue;
		console.error(`✗ ${file}:${line} ${message} (${rule})`);
	}
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
