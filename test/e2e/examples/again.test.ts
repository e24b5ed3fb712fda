import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { poison } from '../../support/emulator';
import { images, sampleOf, textFile, videos } from '../../support/engine/media';
import { bandOf, WORDS } from '../../support/engine/bands';
import { mailAccount, named, useExample, useMailServer } from './exampleBench';

const TABLE = 'BitMind checks';
const example = useExample('what-failed-comes-again.json', [TABLE]);
const mail = useMailServer();

test('files that failed are tried again, and reported by mail after the third attempt', async () => {
	const [bad, passing, gone, ...good] = images(6, 'again');
	const samples = [bad!, passing!, gone!, ...good, ...videos(2, 'again')];
	await example.write([...samples, textFile(), named(good[0]!, 'copy.jpg')]);
	const account = await mailAccount(example.bench, mail.server);
	const id = await example.import((workflow) => workflow.useMailAccount(account));
	const { emulator } = example.bench;
	const refuse = (...refused: unknown[]) => {
		emulator.reset();
		const hashes = refused.map((sample) => (sample as typeof bad)!.sha256);
		emulator.misbehave(poison(({ sha256 }) => hashes.includes(sha256)));
	};
	const run = async () => {
		await example.run(id, 'Every Hour');
		const rows = await example.tables.rows(TABLE);
		return Object.fromEntries(rows.map(({ path, ...row }) => [String(path).split('/').pop(), row]));
	};

	refuse(bad, passing, gone);
	const first = await run();
	for (const sample of [...good, ...samples.slice(-2)]) {
		expect(first[sample.fileName] ?? first['copy.jpg']).toMatchObject({
			state: 'checked',
			verdict: WORDS[bandOf(sample)],
			confidence: sample.verdict.confidence,
		});
	}
	expect(first['notes.txt']).toMatchObject({ state: 'checked', verdict: 'not checked' });
	for (const sample of [bad, passing, gone]) {
		const row = { state: 'waiting', tries: 1, remark: expect.stringContaining('refused') };
		expect(first[sample!.fileName]).toMatchObject(row);
	}

	refuse(bad);
	await rm(join(example.folder, 'inbox', gone!.fileName));
	const later = images(1, 'later')[0]!;
	await example.write([named(later, 'later.webp')]);
	const second = await run();
	expect(second[bad!.fileName]).toMatchObject({ state: 'waiting', tries: 2 });
	expect(second[passing!.fileName]).toMatchObject({
		state: 'checked',
		confidence: passing!.verdict.confidence,
	});
	expect(second[gone!.fileName]).toMatchObject({ state: 'gone' });
	expect(second['later.webp']).toMatchObject({ state: 'checked', tries: 1 });
	// New and old files in one request, but none with a verdict.
	expect(emulator.batchRequests[0]?.files.map(({ sha256 }) => sha256).sort()).toEqual(
		[bad!, passing!, later].map(({ sha256 }) => sha256).sort(),
	);
	expect(mail.server.mails).toEqual([]);

	const third = await run();
	expect(third[bad!.fileName]).toMatchObject({ state: 'given up', tries: 3 });
	expect(mail.server.mails).toHaveLength(1);
	const [told] = mail.server.to('operator@example.com');
	expect(told?.subject).toBe('Files that could not be checked: 1');
	expect(told?.text).toContain(bad!.fileName);
	expect(told?.text).toContain('BitMind refused this image');

	emulator.reset();
	await run();
	expect(emulator.batchRequests).toEqual([]);
	expect(mail.server.mails).toHaveLength(1);
});

test('an outage costs each file one attempt, and no verdict', async () => {
	const samples = images(5, 'outage');
	await example.write([...samples, sampleOf('empty.png', Buffer.alloc(0))]);
	const { emulator } = example.bench;
	const id = await example.import((workflow) => workflow.dontRetry());
	example.outage();
	await example.run(id, 'Every Hour');
	emulator.reset();
	await example.run(id, 'Every Hour');
	const rows = await example.tables.rows(TABLE);
	expect(rows.map(({ confidence, tries }) => [confidence, tries]).sort()).toEqual(
		[...samples.map(({ verdict }) => [verdict.confidence, 2]), [null, 2]].sort(),
	);
});
