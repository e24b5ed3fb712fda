import { ConcurrencySearch } from '../../../../client/sending/concurrencySearch';

/** A service as its clients see it, and the connection to it. */
export interface ServerModel {
	/** The number of requests that it processes at a time. Others wait. */
	workers: number;
	/** The time of a worker for a request. */
	workMs: number;
	/** The size of a request in MB. */
	megabytes: number;
	/** In Mbit/s. */
	line: number;
	/** Whether all uploads share this rate, or each of them has it. */
	isLineShared: boolean;
	/** It refuses (429) more requests at a time than this. */
	refusesBeyond?: number;
	/** How much slower each request beyond the workers makes all others. */
	thrashing?: number;
}

const FILES = 50;
const STEP_MS = 20;
/** The wait after a refusal. */
const RETRY_MS = 500;

interface Request {
	client: Client;
	sentAt: number;
	megabits: number;
	workMs: number;
	endUpload: () => void;
}

interface Client {
	search: ConcurrencySearch;
	left: number;
	underWay: number;
	retriesAt: number[];
	maxUnderWay: number;
}

export interface Simulated {
	seconds: number;
	refusals: number;
	maxUnderWay: number;
	maxUploads: number;
}

/** Lets clients upload their batches in parallel, in virtual time, until the last response. */
export function simulate(
	server: ServerModel,
	{ batches, clients = 1, fixed }: { batches: number; clients?: number; fixed?: number },
): Simulated {
	let now = 0;
	let refusals = 0;
	let maxUploads = 0;
	const all = Array.from({ length: clients }, (): Client => {
		const search = new ConcurrencySearch(fixed, () => now);
		return { search, left: batches, underWay: 0, retriesAt: [], maxUnderWay: 0 };
	});
	let uploading: Request[] = [];
	let working: Request[] = [];
	const start = (client: Client) => {
		client.maxUnderWay = Math.max(client.maxUnderWay, ++client.underWay);
		const endUpload = client.search.uploadStarts();
		const { megabytes, workMs } = server;
		uploading.push({ client, sentAt: now, megabits: megabytes * 8, workMs, endUpload });
		maxUploads = Math.max(maxUploads, uploading.length);
	};
	const { refusesBeyond = Infinity, thrashing = 0 } = server;
	for (; all.some(({ left, underWay }) => left + underWay > 0); now += STEP_MS) {
		for (const client of all) {
			const mayStart = () =>
				client.underWay < client.search.limit && client.search.mayStart(client.underWay);
			while (mayStart() && (client.retriesAt[0] ?? Infinity) <= now) {
				client.retriesAt.shift();
				client.left--;
				start(client);
			}
			while (mayStart() && client.left > client.retriesAt.length) {
				client.left--;
				start(client);
			}
		}
		const share = server.isLineShared ? uploading.length : 1;
		for (const request of uploading) request.megabits -= (server.line * STEP_MS) / 1_000 / share;
		const uploaded = uploading.filter(({ megabits }) => megabits <= 0);
		uploading = uploading.filter(({ megabits }) => megabits > 0);
		for (const request of uploaded) {
			request.endUpload();
			if (working.length < refusesBeyond) {
				working.push(request);
				continue;
			}
			refusals++;
			const { client } = request;
			client.underWay--;
			client.left++;
			client.retriesAt.push(now + RETRY_MS);
			client.search.strained(request.sentAt);
		}
		const tooMany = Math.max(0, working.length - server.workers);
		for (const request of working.slice(0, server.workers)) {
			request.workMs -= STEP_MS / (1 + thrashing * tooMany);
		}
		for (const { client, sentAt } of working.filter(({ workMs }) => workMs <= 0)) {
			client.underWay--;
			client.search.answered(FILES, sentAt);
		}
		working = working.filter(({ workMs }) => workMs > 0);
	}
	const maxUnderWay = Math.max(...all.map((client) => client.maxUnderWay));
	return { seconds: now / 1_000, refusals, maxUnderWay, maxUploads };
}
