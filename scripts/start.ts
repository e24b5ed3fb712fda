/** `npm start`: starts the real n8n with this package, the emulator and the examples. */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { startEmulator } from '../test/support/emulator';
import { freePort } from '../test/support/host/environment';
import { installHost } from '../test/support/host/install/install';
import { lock } from '../test/support/host/install/lock';
import { N8n } from '../test/support/host/n8n';
import { installPackage, packProject } from '../test/support/host/install/pack';
import { OWNER } from '../test/support/host/api/rest';
import type { Credential, Workflow } from '../test/support/host/workflow';
import { prepareFolders } from './exampleFolders';
import { importExamples } from './importExamples';
import { startLocalMail } from './localMail';

const PROJECT = resolve(__dirname, '..');
const USER_FOLDER = join(PROJECT, '.n8n-dev');
const LOG = join(USER_FOLDER, 'n8n.log');
const EXAMPLES = join(PROJECT, 'examples');
const MAILS = join(USER_FOLDER, 'mails');
/** The example that shows the most with the fewest clicks. */
const FIRST_EXAMPLE = 'check-an-upload.json';
const SAMPLE_MEDIA = join(PROJECT, 'test', 'fixtures', 'media');

type Emulator = Awaited<ReturnType<typeof startEmulator>>;

let n8n: N8n | undefined;
let emulator: Emulator | undefined;

async function bringUp(): Promise<N8n> {
	const host = await installHost('2.41.1', console.log);
	console.log('Building and packing the nodes');
	const tarball = await packProject();
	console.log('Installing them into n8n');
	await installPackage(tarball, USER_FOLDER);

	emulator = await startEmulator({ port: await freePort(8787), onRequest: report });
	const mail = await startLocalMail(MAILS);
	const log = createWriteStream(LOG);
	n8n = await N8n.create({
		host,
		userFolder: USER_FOLDER,
		port: 5678,
		// The paths of the media in the examples start at the project.
		workingFolder: PROJECT,
		readableFolders: await prepareFolders(PROJECT),
		onOutput: (text) => log.write(text),
	});
	console.log('Importing the credentials and the examples');
	const credentials = [credentialFor(emulator), mailAccount(mail.port)];
	await n8n.importCredentials(credentials);
	await importExamples(n8n, EXAMPLES, credentials);
	console.log('Starting n8n, up to a minute');
	await n8n.start();
	return n8n;
}

function credentialFor({ url, apiKey }: Emulator): Credential {
	return {
		id: 'bitmindEmulator1',
		name: 'BitMind emulator',
		type: 'bitMindEnterpriseApi',
		data: { authentication: 'apiKey', apiKey, baseUrl: url },
	};
}

function mailAccount(port: number): Credential {
	const data = { host: '127.0.0.1', port, secure: false, disableStartTls: true };
	return { id: 'bitmindMailbox01', name: 'Mailbox on this machine', type: 'smtp', data };
}

function report(request: {
	method: string;
	path: string;
	status?: number;
	files: unknown[];
}): void {
	const files = request.files.length > 0 ? `, files: ${request.files.length}` : '';
	console.log(`  emulator: ${request.method} ${request.path} → ${request.status ?? '-'}${files}`);
}

async function greeting(server: N8n, { url, apiKey }: Emulator): Promise<string> {
	return `
  Editor      ${server.url}
  Email       ${OWNER.email}
  Password    ${OWNER.password}

  Emulator    ${url}   (stored as the credential 'BitMind emulator')
  API key     ${apiKey}
  Media       ${relative(PROJECT, SAMPLE_MEDIA)}/   (paths in workflows begin at the project)
  Mails       ${relative(PROJECT, MAILS)}/   (what the examples send; open them in a browser)
  n8n's log   ${relative(PROJECT, LOG)}

Stop with Ctrl+C. If n8n offers its assistant, click 'Set up later in Settings'.

Open ${server.url}, sign in, open '${await nameOf(FIRST_EXAMPLE)}', and click 'Execute workflow'.
`;
}

async function nameOf(example: string): Promise<string> {
	const { name } = JSON.parse(await readFile(join(EXAMPLES, example), 'utf8')) as Workflow;
	return name;
}

async function stop(): Promise<void> {
	await n8n?.stop();
	await emulator?.close();
}

/** Ctrl+C reaches this process more than once: from the terminal, from npm and from tsx. */
const stopRequested = new Promise<void>((done) => {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => done());
});

/** Two instances of n8n would damage their database. */
async function bringUpAlone(): Promise<N8n> {
	await lock(join(USER_FOLDER, 'running.lock'), () => {
		console.log('npm start is already running in this checkout. Waiting for it to end');
	});
	return await bringUp();
}

async function main(): Promise<void> {
	const running = await Promise.race([bringUpAlone(), stopRequested]);
	if (running && emulator) {
		console.log(await greeting(running, emulator));
		const ended = running.serverEnded.then(() => 'ended' as const);
		// A signal from the terminal also ends n8n, which isn't a failure.
		if ((await Promise.race([stopRequested, ended])) === 'ended' && !(await stopsSoon())) {
			throw new Error(`n8n ended by itself; see ${relative(PROJECT, LOG)}`);
		}
	}
	console.log('Stopping');
	await stop();
}

async function stopsSoon(): Promise<boolean> {
	const waited = new Promise<boolean>((done) => setTimeout(done, 1_000, false));
	return await Promise.race([stopRequested.then(() => true), waited]);
}

main().then(
	// Everything that is still starting ends with this process.
	() => process.exit(0),
	async (error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		await stop().catch(() => undefined);
		process.exit(1);
	},
);
