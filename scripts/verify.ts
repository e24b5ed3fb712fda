/**
 * `npm run verify [-- <tag>]`: checks everything that this machine can check before the package is
 * published. With a tag, also that the tag names the version.
 */
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { runCommand } from '../test/support/host/command';
import { packProject } from '../test/support/host/install/pack';
import { scan, type Finding } from './scan';

const PROJECT = resolve(__dirname, '..');

interface Exception {
	rule: string;
	/** The names in the findings that are allowed. Default: all. */
	names?: readonly string[];
	reason: string;
}

const IMPORTS = '@n8n/community-nodes/no-restricted-imports';
const GLOBALS = '@n8n/community-nodes/no-restricted-globals';

/**
 * Findings of rules for n8n Cloud. This package has its own HTTP client, which reads files from disk while
 * it sends them. They are listed by name, so that new ones are reported.
 */
const EXCEPTIONS: readonly Exception[] = [
	{
		rule: '@n8n/community-nodes/no-runtime-dependencies',
		reason: 'undici, form-data and zod are dependencies',
	},
	{ rule: IMPORTS, names: ['undici', 'form-data'], reason: 'these are required' },
	{
		rule: IMPORTS,
		names: ['node:net', 'node:tls'],
		reason: 'connections through proxies and with certificates',
	},
	{
		rule: IMPORTS,
		names: ['node:stream', 'node:events', 'node:fs/promises', 'node:util/types'],
		reason: 'files are sent while they are read',
	},
	{
		rule: IMPORTS,
		names: ['node:timers/promises'],
		reason: 'pauses: before requests are retried, and for the rest of n8n',
	},
	{ rule: IMPORTS, names: ['node:zlib', 'node:util'], reason: 'gateways compress responses' },
	{
		rule: GLOBALS,
		names: ['setTimeout', 'clearTimeout'],
		reason: 'uploads without progress time out',
	},
	{
		rule: GLOBALS,
		names: ['process'],
		reason: 'the environment names the proxies, and says whether n8n protects its network',
	},
];

const DOCUMENTS = ['README.md', 'LICENSE', 'CHANGELOG.md'];
const IN_THE_TARBALL =
	/^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.*\.(js|d\.ts|svg|node\.json))$/;

interface Manifest {
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
}

/** The icon of a node or a credential. */
interface WithIcon {
	icon?: { light?: string; dark?: string };
	description?: Pick<WithIcon, 'icon'>;
}

async function main(): Promise<number> {
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-verify-'));
	try {
		const { unpacked, files } = await unpack(await packProject(), folder);
		const problems = [
			...(await versionProblems(unpacked, process.argv[2])),
			...(await tarballProblems(unpacked, files)),
			...(await lockProblems()),
		];
		const findings = await scan(PROJECT, unpacked);
		report(findings);
		for (const problem of problems) console.error(`✗ ${problem}`);
		if (problems.length > 0 || findings.some((finding) => !exceptionFor(finding))) return 1;
		console.log(`✓ version, changelog, lockfile and the tarball's ${files.length} files`);
		return 0;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function unpack(tarball: string, folder: string) {
	const { exitCode, stdout, output } = await runCommand('tar', ['-xvzf', tarball, '-C', folder]);
	if (exitCode !== 0) throw new Error(`The tarball can't be unpacked:\n${output}`);
	// For the imports of its modules.
	await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
	const files = stdout.trim().split('\n');
	return {
		unpacked: join(folder, 'package'),
		files: files.map((path) => path.replace(/^package\//, '')),
	};
}

async function versionProblems(unpacked: string, tag: string | undefined): Promise<string[]> {
	const { version } = await manifestIn(unpacked);
	const changelog = await readFile(join(unpacked, 'CHANGELOG.md'), 'utf8');
	const problems: string[] = [];
	if (!changelog.includes(`\n## ${version}`)) {
		problems.push(`CHANGELOG.md has no section for version ${version}`);
	}
	if (tag !== undefined && tag !== `v${version}`) {
		problems.push(`The tag ${tag} does not name the version ${version} of package.json`);
	}
	return problems;
}

async function tarballProblems(unpacked: string, files: readonly string[]): Promise<string[]> {
	const { nodes, credentials } = (await manifestIn(unpacked)).n8n;
	const code = [...nodes, ...credentials];
	const codex = nodes.map((path) => path.replace(/\.js$/, '.json'));
	const there = code.filter((path) => files.includes(path));
	const icons = await Promise.all(there.map((path) => iconsOf(unpacked, path)));
	const wanted = new Set([...DOCUMENTS, ...code, ...codex, ...icons.flat()]);
	return [
		...[...wanted]
			.filter((path) => !files.includes(path))
			.map((path) => `The tarball lacks ${path}`),
		...files
			.filter((path) => !IN_THE_TARBALL.test(path))
			.map((path) => `The tarball holds ${path}`),
	];
}

/**
 * Checks the icons for light and dark, relative to the code's folder. It loads the code, so that must
 * work, too.
 */
async function iconsOf(unpacked: string, path: string): Promise<string[]> {
	const exported = (await import(join(unpacked, path))) as Record<string, new () => WithIcon>;
	const Loaded = exported[basename(path).split('.', 1)[0] ?? ''];
	if (!Loaded) throw new Error(`${path} does not export what its name says`);
	const { icon, description } = new Loaded();
	const { light, dark } = icon ?? description?.icon ?? {};
	if (!light || !dark) throw new Error(`${path} has no icons for light and dark`);
	return [light, dark].map((file) => join(dirname(path), file.replace(/^file:/, '')));
}

async function lockProblems(): Promise<string[]> {
	const lock = await readFile(join(PROJECT, 'package-lock.json'), 'utf8');
	return lock.includes('"resolved": "http')
		? ['package-lock.json names the registry of the machine it was made on']
		: [];
}

async function manifestIn(folder: string): Promise<Manifest> {
	return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The rules put the name that they report in quotes, as the first one in the message. */
function exceptionFor({ rule, message }: Finding): Exception | undefined {
	const name = /'([^']+)'/.exec(message)?.[1] ?? '';
	return EXCEPTIONS.find(
		(exception) => exception.rule === rule && (exception.names?.includes(name) ?? true),
	);
}

function report(findings: readonly Finding[]): void {
	for (const exception of EXCEPTIONS) {
		const { rule, names = [], reason } = exception;
		const places = findings.filter((finding) => exceptionFor(finding) === exception);
		console.log(`${[rule, ...names].join(' ')}, ${places.length} times: ${reason}`);
		for (const { file, line } of places) console.log(`    ${file}:${line}`);
	}
	for (const finding of findings) {
		const { file, line, rule, message } = finding;
		if (!exceptionFor(finding)) console.error(`✗ ${file}:${line} ${message} (${rule})`);
	}
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
