import { fingerprintOf, hashOf } from '../../../client/files/contentHash';
import { PNG } from '../../../client/files/fileType';
import type { Verdict } from '../../../client/model/outcome';
import type { Memory } from '../../../client/batching/deduplication';
import { poison, type Emulator } from '../../support/emulator';
import { fileOf, testFile, testFiles, type TestFile } from '../support/files';
import { form, run } from '../support/run';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

const sent = () => emulator.batchRequests.flatMap(({ files }) => files.map(({ sha256 }) => sha256));
const copyOf = ({ name, format, content }: TestFile) => fileOf(name, format, content);

/** A file with the same start and length as another, but different content. */
function lookalikeOf({ name, format, content }: TestFile, last: number): TestFile {
	const other = Buffer.from(content);
	other[other.length - 1] = last;
	return fileOf(name, format, other);
}

function memoryOf(): Memory & { known: Map<string, Verdict> } {
	const known = new Map<string, Verdict>();
	const fingerprints = new Set<string>();
	return {
		known,
		mayKnow: (fingerprint) => fingerprints.has(fingerprint),
		recall: (hash) => known.get(hash),
		remember: (hash, fingerprint, verdict) => {
			known.set(hash, verdict);
			fingerprints.add(fingerprint);
		},
	};
}

describe('within a run', () => {
	const settings = { deduplicate: true };

	it('sends the same content once, and each file gets its verdict', async () => {
		const originals = testFiles(30, 2_000);
		const files = originals.flatMap((file) => [file, copyOf(file), copyOf(file)]);
		const { outcomes } = await run(files, form(emulator), settings);
		outcomes.forEach((outcome, index) => {
			expect(outcome.verdict).toMatchObject((files[index] as TestFile).verdict);
			expect(outcome.reused).toBe(index % 3 === 0 ? undefined : true);
		});
		expect(sent().sort()).toEqual(originals.map(({ sha256 }) => sha256).sort());
	});

	it('sends each file if the option is off', async () => {
		const file = testFile(1);
		const { outcomes } = await run([file, copyOf(file)], form(emulator));
		expect(sent()).toHaveLength(2);
		expect(outcomes.map(({ reused }) => reused)).toEqual([undefined, undefined]);
	});

	it('distinguishes files with the same start and length', async () => {
		const file = testFile(1, 5_000);
		const files = [file, lookalikeOf(file, 1), lookalikeOf(file, 2), lookalikeOf(file, 1)];
		const { outcomes } = await run(files, form(emulator), settings);
		outcomes.forEach((outcome, index) => {
			expect(outcome.verdict).toMatchObject((files[index] as TestFile).verdict);
		});
		expect(sent()).toHaveLength(3);
		expect(outcomes.map(({ reused }) => reused)).toEqual([undefined, undefined, undefined, true]);
	});

	it('reads each file once, whether it is sent or not', async () => {
		const file = testFile(1, 5_000_000);
		const files = [file, copyOf(file), copyOf(file), testFile(2, 5_000_000)];
		await run(files, form(emulator), settings);
		expect(files.map(({ opened }) => opened)).toEqual([1, 1, 1, 1]);
		expect(files.some(({ isOpen }) => isOpen)).toBe(false);
	});

	it('applies a refusal to the same content, and sends it once', async () => {
		const bad = testFile(1);
		emulator.misbehave(poison(({ sha256 }) => sha256 === bad.sha256));
		const files = [bad, testFile(2), copyOf(bad), testFile(3)];
		const { outcomes } = await run(files, form(emulator), settings);
		expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([
			'fileRefused',
			undefined,
			'fileRefused',
			undefined,
		]);
		expect(outcomes[2]?.reused).toBe(true);
		expect(sent().filter((sha256) => sha256 === bad.sha256).length).toBeLessThanOrEqual(3);
	});

	it("tries another copy if a failure wasn't caused by the content", async () => {
		const file = testFile(1);
		emulator.misbehave(({ index, moment }) =>
			index === 0 && moment === 'beforeBody' ? { kind: 'status', status: 500 } : undefined,
		);
		const files = [file, copyOf(file), copyOf(file)];
		const { outcomes } = await run(files, form(emulator), { ...settings, maxRetries: 0 });
		expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([
			'unavailable',
			undefined,
			undefined,
		]);
		expect(outcomes.map(({ reused }) => reused)).toEqual([undefined, undefined, true]);
	});

	it('sends a file without a fingerprint', async () => {
		const files = [testFile(1), testFile(1)].map((file) => ({ ...file, fingerprint: undefined }));
		const { outcomes } = await run(files, form(emulator), settings);
		expect(outcomes.every(({ verdict }) => verdict)).toBe(true);
		expect(sent()).toHaveLength(2);
	});

	it("with 'Stop', reads nothing more after a failure", async () => {
		emulator.misbehave(() => ({ kind: 'status', status: 403 }));
		const file = testFile(1);
		const copy = copyOf(file);
		const stop = { ...settings, stopOnFailure: true };
		const { outcomes, stoppedAt } = await run([file, copy], form(emulator), stop);
		expect(stoppedAt).toBe(0);
		expect(copy.opened).toBe(0);
		expect(outcomes[1]?.failure?.kind).toBe('forbidden');
	});
});

describe('across runs', () => {
	it('sends no file that it remembers', async () => {
		const memory = memoryOf();
		const files = testFiles(20, 3_000);
		const first = await run(files, form(emulator), {}, { memory });
		expect(first.outcomes.some(({ reused }) => reused)).toBe(false);
		expect(sent()).toHaveLength(20);
		expect(files.every(({ opened }) => opened === 1)).toBe(true);

		emulator.reset();
		const again = testFiles(25, 3_000);
		const second = await run(again, form(emulator), {}, { memory });
		second.outcomes.forEach((outcome, index) => {
			expect(outcome.verdict).toMatchObject((again[index] as TestFile).verdict);
			expect(outcome.reused).toBe(index < 20 ? true : undefined);
		});
		expect(sent()).toHaveLength(5);
		expect(again.every(({ opened }) => opened === 1)).toBe(true);
	});

	it('sends nothing at all if it remembers everything', async () => {
		const memory = memoryOf();
		await run(testFiles(3), form(emulator), {}, { memory });
		emulator.reset();
		await run(testFiles(3), form(emulator), {}, { memory });
		expect(emulator.requests).toEqual([]);
	});

	it('remembers no failures', async () => {
		const memory = memoryOf();
		emulator.misbehave(poison(() => true));
		await run(testFiles(2), form(emulator), {}, { memory });
		expect(memory.known.size).toBe(0);
	});

	it('remembers what was paid for, even if the run is stopped or canceled', async () => {
		const memory = memoryOf();
		const cancel = new AbortController();
		const onBatch = () => cancel.abort(new Error('canceled'));
		const settings = { maxFiles: 1, concurrency: 1 };
		const context = { memory, signal: cancel.signal, onBatch };
		await expect(run(testFiles(5), form(emulator), settings, context)).rejects.toThrow('canceled');
		expect(memory.known.size).toBe(1);
	});
});

it('hashes a file of any length, unless its length is not the announced one', async () => {
	const context = { signal: new AbortController().signal, timeoutMs: 1_000 };
	for (const size of [50, 99, 100, 101, 1_000]) {
		const file = testFile(1, size);
		const hash = Buffer.from(file.sha256, 'hex').toString('base64');
		expect(await hashOf(file, Buffer.alloc(100), context)).toEqual({ hash });
		for (const announced of [size + 1, size - 1]) {
			const other = { ...file, size: announced };
			const result = await hashOf(other, Buffer.alloc(100), context);
			expect(result).toEqual({ problem: 'unreadable' });
		}
		expect(file.isOpen).toBe(false);
	}
});

it('fingerprints distinguish lengths and starts', () => {
	const file = fileOf('a.png', PNG, Buffer.alloc(600, 7));
	expect(file.fingerprint).toBe(fingerprintOf(600, Buffer.alloc(512, 7)));
	expect(file.fingerprint).not.toBe(fingerprintOf(601, Buffer.alloc(512, 7)));
	expect(file.fingerprint).not.toBe(fingerprintOf(600, Buffer.alloc(512, 8)));
});

it('a canceled run hashes nothing more', async () => {
	const files = testFiles(200, 2_000);
	const again = files.map(copyOf);
	const controller = new AbortController();
	const tenth = again[10] as TestFile;
	const open = tenth.open.bind(tenth);
	tenth.open = async () => {
		controller.abort(new Error('canceled'));
		return await open();
	};
	const running = run(
		[...files, ...again],
		form(emulator),
		{ deduplicate: true },
		{
			signal: controller.signal,
		},
	);
	await expect(running).rejects.toThrow('canceled');
	expect(again.reduce((sum, { opened }) => sum + opened, 0)).toBe(11);
});
