import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Certificates } from './endpoints/certificates';
import { startEmulator, type Emulator } from './emulator';
import type { Misbehavior } from './faults/faults';
import { failing, firstOf, rateLimited } from './faults/misbehaviors';
import { seededRandom } from './random';
import type { RecordedRequest } from './http/recordedRequest';

const USAGE = `npm run emulator -- [options]
  --port <n>          default 8787
  --tls               HTTPS, with a CA made for this run
  --mtls              HTTPS, and the client certificate demanded as X-Client-Cert and in the handshake
  --latency <ms>      before each answer
  --fail-rate <0..1>  share of batch requests that get 503
  --rate-limit <n>    batch requests per second; more get 429 with Retry-After
`;

function readArguments() {
	return parseArgs({
		options: {
			port: { type: 'string', default: '8787' },
			tls: { type: 'boolean', default: false },
			mtls: { type: 'boolean', default: false },
			latency: { type: 'string', default: '0' },
			'fail-rate': { type: 'string', default: '0' },
			'rate-limit': { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	}).values;
}

async function main(): Promise<void> {
	const args = readArguments();
	if (args.help) {
		process.stdout.write(USAGE);
		return;
	}
	const emulator = await startEmulator({
		port: numberOf('port', args.port),
		tls: args.tls || args.mtls,
		clientCertificate: args.mtls ? 'both' : 'none',
		latencyMs: numberOf('latency', args.latency),
		onRequest: (request) => console.log(lineOf(request)),
	});
	emulator.misbehave(
		misbehaviorFor(
			numberOf('fail-rate', args['fail-rate']),
			args['rate-limit'] === undefined ? undefined : numberOf('rate-limit', args['rate-limit']),
		),
	);
	const folder = args.tls || args.mtls ? await writeCertificates(emulator.certificates) : undefined;
	console.log(greeting(emulator, folder, args.mtls));
	const stop = async () => {
		await emulator.close();
		if (folder) await rm(folder, { recursive: true, force: true });
	};
	process.once('SIGINT', () => void stop());
	process.once('SIGTERM', () => void stop());
}

function numberOf(name: string, text: string): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0)) throw new Error(`--${name} must be a number`);
	return value;
}

function misbehaviorFor(failRate: number, perSecond: number | undefined): Misbehavior {
	const limits = perSecond ? [rateLimited(perSecond, Math.max(1, perSecond))] : [];
	const outage = { kind: 'status', status: 503, text: 'Service Unavailable' } as const;
	return firstOf(...limits, failing(failRate, outage, seededRandom(Date.now())));
}

async function writeCertificates(certificates: Certificates): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-emulator-'));
	const { ca, client } = certificates;
	await writeFile(join(folder, 'ca.crt'), ca);
	await writeFile(join(folder, 'client.crt'), client.certificate);
	await writeFile(join(folder, 'client.key'), client.key, { mode: 0o600 });
	return folder;
}

function greeting(emulator: Emulator, folder: string | undefined, demandsCertificate: boolean) {
	const { apiKey, client } = emulator;
	const lines = [
		'BitMind Enterprise API emulator. It invents its verdicts; use it to try the nodes.',
		'',
		`  Base URL        ${emulator.url}`,
		`  API key         ${apiKey}`,
		`  Client ID       ${client.id}`,
		`  Client secret   ${client.secret}`,
	];
	if (folder) lines.push(`  Certificates    ${folder}/{ca.crt,client.crt,client.key}`);
	lines.push(
		'',
		'In n8n, create a credential "BitMind Enterprise API", paste the base URL, and choose one:',
		'  API Key           the API key above',
		'  OAuth2            client ID and client secret',
		`  OAuth2 with mTLS  client ID, and client.crt as client certificate${folder ? '' : ' (start with --tls)'}`,
	);
	if (folder) lines.push('Paste ca.crt as CA certificate: it is known to nobody else.');
	if (demandsCertificate) {
		lines.push('Every way also needs client.crt as client certificate and client.key as its key.');
	}
	return [...lines, '', 'Stop with Ctrl+C.', ''].join('\n');
}

function lineOf(request: RecordedRequest): string {
	const time = new Date(request.startedAt).toISOString().slice(11, 23);
	const bytes = request.files.reduce((sum, { size }) => sum + size, 0);
	const files = request.files.length > 0 ? `  ${request.files.length} files, ${bytes} bytes` : '';
	const took = (request.finishedAt ?? request.startedAt) - request.startedAt;
	const end = request.aborted ? 'closed by the client' : (request.status ?? 'no answer');
	const why = request.refusal ? `  ${request.refusal}` : '';
	return `${time}  ${request.method} ${request.path}  ${end}  ${took} ms${files}${why}`;
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
