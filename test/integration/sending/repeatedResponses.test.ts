import { startEmulator, startRawServer, type Emulator } from '../../support/emulator';
import { testFiles } from '../support/files';
import { form, run } from '../support/run';

/** A batch response with the same confidence for all files. */
function responseText(requestId: string, files: number, confidence: number): string {
	const batch_results = Array.from({ length: files }, (_, batch_position) => ({
		isAI: confidence >= 0.5,
		confidence,
		batch_position,
	}));
	const body = JSON.stringify({ batch_results, request_id: requestId });
	return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const SETTINGS = { maxFiles: 5, concurrency: 1 };

it.each([1, 3])(
	'bug: a response that comes twice on a kept connection counts only once (%i at once)',
	async (concurrency) => {
		let requests = 0;
		const server = await startRawServer(async (connection) => {
			for (let onThis = 0; ; onThis++) {
				await connection.readBody();
				const number = requests++;
				const text = responseText(`id-${number}`, 5, number / 1_000);
				await connection.write(text);
				// The second one arrives while the next request is being sent.
				if (onThis === 1) await connection.write(text);
			}
		});
		const settings = { ...SETTINGS, concurrency };
		const credential = form({ ...server, apiKey: 'abcd' });
		const { outcomes } = await run(testFiles(60, 100_000), credential, settings);
		await server.close();
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
		// Each batch has different verdicts.
		const ids = outcomes.map(({ verdict }) => verdict?.requestId);
		const batches = Array.from(
			{ length: 12 },
			(_, batch) => new Set(ids.slice(batch * 5, batch * 5 + 5)),
		);
		expect(batches.every(({ size }) => size === 1)).toBe(true);
		expect(new Set(ids).size).toBe(12);
	},
);

it('accepts the same ID in every response after one attempt on a new connection', async () => {
	let requests = 0;
	const server = await startRawServer(async (connection) => {
		for (;;) {
			await connection.readBody();
			await connection.write(responseText('always', 5, requests++ / 1_000));
		}
	});
	const credential = form({ ...server, apiKey: 'abcd' });
	const { outcomes, counts } = await run(testFiles(50), credential, SETTINGS);
	await server.close();
	expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
	expect(counts).toMatchObject({ requests: 11, retries: 1 });
	expect(server.connections.length).toBeGreaterThan(1);
});

describe('positions that count from one', () => {
	let emulator: Emulator;
	beforeAll(async () => {
		emulator = await startEmulator();
	});
	afterAll(async () => await emulator.close());

	it.each([
		['shuffled', false],
		['with one missing', true],
	])("bug: never give a file its neighbor's verdict: %s", async (_, leavesOut) => {
		emulator.misbehave(({ moment }) =>
			moment === 'afterBody'
				? {
						kind: 'results',
						change: (results) =>
							results
								.map((each) => ({ ...each, batch_position: each.batch_position + 1 }))
								.filter(({ batch_position }) => !leavesOut || batch_position !== 3)
								.reverse(),
					}
				: undefined,
		);
		const { outcomes, counts } = await run(testFiles(40), form(emulator), {
			maxFiles: 12,
			concurrency: 1,
		});
		expect(outcomes.filter(({ verdict }) => verdict)).toEqual([]);
		expect(outcomes[0]?.failure).toMatchObject({ kind: 'noVerdict', reason: 'shifted' });
		expect(counts.requests).toBe(3);
		emulator.reset();
	});
});
