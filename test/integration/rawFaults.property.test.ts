import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { startRawServer, verdictOf, type RawConnection } from '../support/emulator';
import { propertyRuns } from '../support/propertyRuns';
import { testFiles } from './support/files';
import { form, run } from './support/run';

/** What may happen to a request on its connection. */
const event = fc.oneof(
	{ arbitrary: fc.constant({ kind: 'respond' } as const), weight: 4 },
	{
		arbitrary: fc.record({
			kind: fc.constant('lose' as const),
			/** The share of the body that is read first. */
			after: fc.constantFrom(0, 0.3, 1),
			how: fc.constantFrom('reset' as const, 'destroy' as const, 'halfClose' as const),
		}),
		weight: 2,
	},
	{
		/** Only a part of a correct response arrives. */
		arbitrary: fc.record({
			kind: fc.constant('cut' as const),
			share: fc.double({ min: 0, max: 0.99, noNaN: true }),
		}),
		weight: 1,
	},
	{
		arbitrary: fc.record({
			kind: fc.constant('refuseEarly' as const),
			status: fc.constantFrom(413, 503),
			how: fc.constantFrom('destroy' as const, 'halfClose' as const),
		}),
		weight: 1,
	},
	{ arbitrary: fc.constant({ kind: 'rubbish' } as const), weight: 1 },
);

/** The contents of the parts, by their boundary. */
function hashesIn(body: Buffer): string[] {
	const boundary = body.subarray(0, body.indexOf('\r\n'));
	const hashes: string[] = [];
	for (let start = 0; ;) {
		const content = body.indexOf('\r\n\r\n', start) + 4;
		const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), boundary]), content);
		if (content < 4 || end < 0) return hashes;
		hashes.push(createHash('sha256').update(body.subarray(content, end)).digest('hex'));
		start = end + 2;
	}
}

function responseFor(hashes: readonly string[]): string {
	const batch_results = hashes.map((hash, batch_position) => ({
		...verdictOf(hash),
		batch_position,
	}));
	return JSON.stringify({ batch_results: batch_results.reverse(), request_id: randomUUID() });
}

it('no verdict is wrong, lost without a reason, or paid for twice, whatever happens to connections', async () => {
	const plan = fc.record({
		events: fc.array(event, { maxLength: 12 }),
		count: fc.integer({ min: 1, max: 30 }),
		size: fc.constantFrom(60, 5_000, 400_000),
		maxFiles: fc.integer({ min: 1, max: 10 }),
		concurrency: fc.integer({ min: 1, max: 4 }),
	});
	await fc.assert(
		fc.asyncProperty(plan, async ({ events, count, size, maxFiles, concurrency }) => {
			const waiting = [...events];
			const answered = new Set<string>();
			const sentAgain: string[] = [];
			async function serve(connection: RawConnection): Promise<void> {
				for (;;) {
					const { contentLength } = await connection.readHead();
					const next = waiting.shift() ?? { kind: 'respond' };
					if (next.kind === 'lose') {
						await connection.readBytes(Math.floor(contentLength * next.after));
						return connection[next.how]();
					}
					if (next.kind === 'refuseEarly') {
						await connection.respond(`HTTP/1.1 ${next.status} No`, '{"detail": "no"}');
						return connection[next.how]();
					}
					const hashes = hashesIn(await connection.readBodyBytes());
					const text = responseFor(hashes);
					if (next.kind === 'rubbish') {
						await connection.write('\u0000not HTTP\r\n\r\n');
						return connection.destroy();
					}
					const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
					if (next.kind === 'cut') {
						await connection.write(whole.slice(0, Math.floor(whole.length * next.share)));
						return connection.destroy();
					}
					for (const hash of hashes) {
						if (answered.has(hash)) sentAgain.push(hash);
						answered.add(hash);
					}
					await connection.write(whole);
				}
			}
			const server = await startRawServer(serve);
			const files = testFiles(count, size);
			const credential = form({ ...server, apiKey: 'abcd' });
			const { outcomes } = await run(files, credential, { maxFiles, concurrency });
			await server.close();
			files.forEach((file, index) => {
				const outcome = outcomes[index];
				if (outcome?.verdict) expect(outcome.verdict).toMatchObject(file.verdict);
				else expect(outcome?.failure?.kind).toMatch(/connectionLost|fileTooLarge|unavailable/);
			});
			expect(sentAgain).toEqual([]);
			expect(files.filter(({ isOpen }) => isOpen)).toEqual([]);
		}),
		propertyRuns(150),
	);
}, 170_000);
