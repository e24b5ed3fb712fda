/**
 * A process that accepts uploads and responds in the API's format as fast as possible. It counts bytes and
 * doesn't parse multipart. The path says how many files a request contains and how long its response
 * takes: `/<files>/<milliseconds>/<milliseconds per file>/…`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

let requests = 0;
let bytes = 0;

function serve(request: IncomingMessage, response: ServerResponse): void {
	const [, files = '0', ms = '0', msPerFile = '0'] = (request.url ?? '').split('/');
	requests++;
	request.on('data', (chunk: Buffer) => (bytes += chunk.length));
	request.on('end', () => {
		const wait = Number(ms) + Number(files) * Number(msPerFile);
		const respond = () => {
			response.setHeader('content-type', 'application/json');
			response.end(responseFor(Number(files)));
		};
		if (wait > 0) setTimeout(respond, wait);
		else respond();
	});
}

const results = new Map<number, string>();
let lastId = 0;

/** Each response has a new ID, because the node sends a batch again if it has seen the response before. */
function responseFor(files: number): string {
	let text = results.get(files);
	if (text === undefined) {
		const batch_results = Array.from({ length: files }, (_, batch_position) => ({
			isAI: false,
			confidence: 0.25,
			processingTime: 0.01,
			batch_position,
		}));
		text = JSON.stringify(batch_results);
		results.set(files, text);
	}
	return `{"batch_results":${text},"batch_count":${files},"request_id":"bench-${++lastId}"}`;
}

const server = createServer({ keepAliveTimeout: 60_000 }, serve);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

/** Reports what has arrived since the last report. */
process.on('message', () => {
	process.send?.({ requests, bytes });
	requests = 0;
	bytes = 0;
});
process.on('disconnect', () => process.exit());
