import type { IRun } from 'n8n-workflow';
import { poison } from '../../support/emulator';
import { images, sampleOf, textFile, videos } from '../../support/engine/media';
import { bandOf, WORDS } from '../../support/engine/bands';
import { jsonOf, named, useExample } from './exampleBench';

const TABLE = 'BitMind ledger';
const example = useExample('ledger-of-verdicts.json', [TABLE]);

const verdicts = (run: IRun) =>
	Object.fromEntries(
		jsonOf(run, 'Verdict of Every File').map(({ file, verdict, confidence }) => [
			file,
			[verdict, confidence],
		]),
	);

test('only unseen files are sent, and each file of the folder has its verdict', async () => {
	const samples = [...images(7, 'ledger'), ...videos(3, 'ledger')];
	const copy = named(samples[0]!, 'copy.jpg');
	const bad = named(images(1, 'bad')[0]!, 'bad.jpg');
	const empty = sampleOf('empty.jpg', Buffer.alloc(0));
	await example.write([...samples, copy, bad, empty, textFile()]);
	const { emulator } = example.bench;
	emulator.misbehave(poison(({ sha256 }) => sha256 === bad.sha256));
	const id = await example.import();
	const expected = Object.fromEntries(
		[...samples, copy].map((sample) => [
			sample.fileName,
			[WORDS[bandOf(sample)], sample.verdict.confidence],
		]),
	);
	const first = verdicts(await example.run(id, 'Every Hour'));
	const others = {
		'empty.jpg': ['not checked', null],
		'notes.txt': ['not checked', null],
	};
	expect(first).toEqual({ ...expected, ...others, 'bad.jpg': ['not checked', null] });
	expect(emulator.batchRequests.length).toBeGreaterThan(2);
	expect(await example.tables.rows(TABLE)).toHaveLength(samples.length + 3);

	emulator.reset();
	const later = named(images(1, 'later')[0]!, 'later.png');
	// The same content with another name is not sent again, but other content with the same name is.
	const [other] = images(1, 'another content');
	const replaced = named(other!, samples[1]!.fileName);
	await example.write([later, named(samples[2]!, 'renamed.jpg'), replaced]);
	const second = verdicts(await example.run(id, 'Every Hour'));
	const unseen = [later, replaced];
	const sent = emulator.batchRequests.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
	expect(sent.sort()).toEqual(unseen.map(({ sha256 }) => sha256).sort());
	for (const sample of unseen) {
		const { confidence } = sample.verdict;
		expect(second[sample.fileName]).toEqual([WORDS[bandOf(sample)], confidence]);
	}
	expect(second['renamed.jpg']).toEqual(expected[samples[2]!.fileName]);
	expect(Object.keys(second)).toHaveLength(Object.keys(first).length + 2);
});

test('after an outage, all files are tried again, and then none', async () => {
	const samples = [...images(4, 'outage'), ...videos(2, 'outage')];
	await example.write(samples);
	const { emulator } = example.bench;
	const id = await example.import((workflow) => workflow.dontRetry());
	example.outage();
	const first = verdicts(await example.run(id, 'Every Hour'));
	expect(Object.values(first)).toEqual(samples.map(() => ['not checked', null]));
	emulator.reset();
	for (let run = 0; run < 2; run++) {
		const later = verdicts(await example.run(id, 'Every Hour'));
		for (const { fileName, verdict } of samples) {
			expect(later[fileName]?.[1]).toBe(verdict.confidence);
		}
	}
	expect(emulator.batchRequests.map(({ files }) => files.length)).toEqual([4, 2]);
});
