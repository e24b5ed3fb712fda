import { parseArgs } from 'node:util';
import { credentialForms } from './credentialForms';
import { startEmulator, type Emulator } from './emulator';
import type { Misbehavior } from './faults/faults';
import { failing, firstOf, rateLimited } from './faults/misbehaviors';
import { seededRandom } from './random';
import type { RecordedRequest } from './http/recordedRequest';

const USAGE = `npm run emulator -- [options]
  --port <n>          default 8787
  --tls               HTTPS, with a new certificate authority
  --mtls              HTTPS with a client certificate, in X-Client-Cert and in the TLS handshake
  --latency <ms>      time before each response
  --fail-rate <0..1>  share of batch requests that get a 503
  --rate-limit <n>    batch requests per second; others get a 429 with Retry-After
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
	console.log(greeting(emulator, args.mtls));
	const stop = () => emulator.close();
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

function greeting(emulator: Emulator, demandsCertificate: boolean): string {
	return [
		'This is an emulator of the BitMind Enterprise API, for trying out the nodes. Its verdicts are made up.',
		"In n8n, create a 'BitMind Enterprise API' credential and enter:",
		'',
		credentialForms(emulator, demandsCertificate),
		'Press Ctrl+C to stop.',
		'',
	].join('\n');
}

function lineOf(request: RecordedRequest): string {
	const time = new Date(request.startedAt).toISOString().slice(11, 23);
	const bytes = request.files.reduce((sum, { size }) => sum + size, 0);
	const files = request.files.length > 0 ? `  files: ${request.files.length}, ${bytes} bytes` : '';
	const took = (request.finishedAt ?? request.startedAt) - request.startedAt;
	const end = request.aborted ? 'closed by the client' : (request.status ?? 'no response');
	const why = request.refusal ? `  ${request.refusal}` : '';
	return `${time}  ${request.method} ${request.path}  ${end}  ${took} ms${files}${why}`;
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
