import { Worker } from 'node:worker_threads';
import { parseCredentials } from '../../../client/auth/credentials';
import { detect } from '../../../client/detect';
import { PNG } from '../../../client/files/fileType';
import type { SourceFile } from '../../../client/files/sourceFile';
import { makeCertificates, type Certificates } from '../../support/emulator';
import { SETTINGS } from '../support/run';

const ROUNDS = 100;

/**
 * A server on its own thread, so that it continues while the client's event loop is blocked. It responds
 * as the path says, `/<status>/<ending>/<bytes read>/<sized or not>/…`, and leaves the rest of the upload
 * unread.
 */
const SERVER = `
const { workerData, parentPort } = require('node:worker_threads');
const endings = {
	destroy: (socket) => socket.destroy(),
	reset: (socket, tcp) => tcp.resetAndDestroy(),
	halfClose: (socket) => socket.end(),
	linger: (socket) => { socket.end(); socket.resume(); },
};
const tcpOf = new Map();
function serve(socket) {
	const tcp = tcpOf.get(socket.remotePort) ?? socket;
	socket.on('error', () => {});
	let head = '';
	let read = 0;
	let wanted;
	socket.on('data', (chunk) => {
		if (wanted === undefined) {
			head += chunk.toString('latin1');
			const end = head.indexOf('\\r\\n\\r\\n');
			if (end < 0) return;
			read = head.length - end - 4;
			wanted = head.split(' ')[1].split('/');
		} else read += chunk.length;
		const [, status, ending, bytes, length] = wanted;
		if (read < Number(bytes)) return;
		socket.removeAllListeners('data');
		socket.pause();
		const body = JSON.stringify({ detail: 'told early' });
		const lines = ['HTTP/1.1 ' + status + ' Early', 'Content-Type: application/json',
			...(length === 'sized' ? ['Content-Length: ' + body.length] : []), 'Connection: close', '', body];
		socket.write(lines.join('\\r\\n'), () => endings[ending](socket, tcp));
	});
}
const { tls } = workerData;
const server = tls ? require('node:tls').createServer(tls, serve) : require('node:net').createServer(serve);
server.on('connection', (socket) => {
	tcpOf.set(socket.remotePort, socket);
	// Otherwise the response may wait for an acknowledgment, and not be sent before the reset.
	socket.setNoDelay(true);
	socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

let certificates: Certificates;
const workers: Worker[] = [];
beforeAll(async () => {
	certificates = await makeCertificates();
});
afterAll(async () => await Promise.all(workers.map((worker) => worker.terminate())));

async function startServer(isTls: boolean): Promise<string> {
	const { key, certificate: cert } = certificates.server;
	const worker = new Worker(SERVER, {
		eval: true,
		workerData: { tls: isTls ? { key, cert } : undefined },
	});
	workers.push(worker);
	const port = await new Promise<number>((resolve) => worker.once('message', resolve));
	return `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`;
}

function block(milliseconds: number): void {
	const until = performance.now() + milliseconds;
	while (performance.now() < until);
}

/** Uploads in small steps, and sometimes blocks the event loop in between. */
function slowFile(size: number, round: number): SourceFile {
	return {
		name: 'slow.png',
		format: PNG,
		size,
		async open() {
			let left = size;
			let reads = 0;
			return {
				async read(target) {
					if (reads++ > 0) {
						if ((round + reads) % 3 === 0) block(3 + (round % 5));
						else await new Promise((resolve) => setImmediate(resolve));
					}
					const count = Math.min(left, target.length);
					left -= count;
					return count;
				},
				close() {},
			};
		},
	};
}

const KINDS = { 401: 'unauthorized', 413: 'fileTooLarge', 503: 'unavailable' } as const;
const STATUSES = [401, 413, 503] as const;
const BYTES_READ = [0, 1, 70_000, 700_000];

describe.each([
	['HTTP', false],
	['TLS', true],
])('over %s', (_, isTls) => {
	it.each(['destroy', 'reset', 'halfClose', 'linger'])(
		`the real status wins over a lost connection, ${ROUNDS} times: %s`,
		async (ending) => {
			const url = await startServer(isTls);
			for (let round = 0; round < ROUNDS; round++) {
				const status = STATUSES[round % 3] as (typeof STATUSES)[number];
				const length = round % 5 < 3 ? 'sized' : 'unsized';
				const path = `/${status}/${ending}/${BYTES_READ[round % BYTES_READ.length]}/${length}`;
				const credentials = parseCredentials({ apiKey: 'abcd', baseUrl: url + path }, Date.now());
				const { outcomes } = await detect(
					[slowFile(round % 2 ? 2_500_000 : 8_000_000, round)],
					// Without the default authorities, because reading them takes longer than everything else.
					{ ...credentials, tls: { ca: [certificates.ca] } },
					{ ...SETTINGS, maxRetries: 0 },
				);
				expect([round, outcomes]).toEqual([
					round,
					[
						{
							failure: {
								kind: KINDS[status],
								status,
								serverMessage: 'told early',
								...(status !== 413 && { attempts: 1 }),
								...(status === 401 && { endedRun: true }),
							},
						},
					],
				]);
			}
		},
	);
});
