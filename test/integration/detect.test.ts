import { bodyLimit, poison, type Emulator } from '../support/emulator';
import { testFiles, type TestFile } from './support/files';
import { form, oAuthForm, run } from './support/run';
import { useEmulator } from './support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

function expectOwnVerdicts(
	files: TestFile[],
	outcomes: Awaited<ReturnType<typeof run>>['outcomes'],
) {
	expect(
		outcomes.map(
			({ verdict }) => verdict && { isAI: verdict.isAI, confidence: verdict.confidence },
		),
	).toEqual(files.map(({ verdict }) => verdict));
}

it('gives every file its own verdict, whatever the order of the results', async () => {
	const files = testFiles(120);
	const { outcomes, counts } = await run(files, form(emulator));
	expectOwnVerdicts(files, outcomes);
	expect(counts.requests).toBe(3);
	expect(emulator.batchRequests.map(({ files }) => files.length)).toEqual([50, 50, 20]);
});

it('sends no request without a file', async () => {
	await run([], oAuthForm(emulator));
	expect(emulator.requests).toHaveLength(0);
});

it('fetches one token for all requests', async () => {
	const files = testFiles(20);
	const { outcomes } = await run(files, oAuthForm(emulator), { maxFiles: 2, concurrency: 5 });
	expectOwnVerdicts(files, outcomes);
	expect(emulator.requests.filter(({ path }) => path === '/v1/oauth/token')).toHaveLength(1);
});

it('finds one poisoned file of 50', async () => {
	for (let bad = 0; bad < 50; bad += 7) {
		emulator.reset();
		const files = testFiles(50);
		emulator.misbehave(poison(({ sha256 }) => sha256 === files[bad]?.sha256));
		const { outcomes, counts } = await run(files, form(emulator));
		expect(outcomes[bad]?.failure).toMatchObject({ kind: 'fileRefused', status: 400 });
		expect(outcomes.filter(({ verdict }) => verdict)).toHaveLength(49);
		expect(counts.requests).toBeLessThanOrEqual(13);
	}
});

it('stops early if everything is refused', async () => {
	emulator.misbehave(() => ({ kind: 'status', status: 400, json: { detail: 'no' } }));
	const { outcomes, counts } = await run(testFiles(500), form(emulator), { concurrency: 4 });
	expect(counts.requests).toBeLessThanOrEqual(13);
	expect(outcomes.every(({ failure }) => failure)).toBe(true);
	expect(outcomes[499]?.failure).toMatchObject({ kind: 'everythingRefused', serverMessage: 'no' });
});

it('halves batches after a 413, and remembers the limit', async () => {
	emulator.misbehave(bodyLimit(20_000));
	const files = testFiles(200);
	const { outcomes } = await run(files, form(emulator));
	expectOwnVerdicts(files, outcomes);
	expect(emulator.batchRequests.filter(({ status }) => status === 413).length).toBeLessThanOrEqual(
		4,
	);
});

it('releases a file when its outcome is known, and not before', async () => {
	const open = new Set<number>();
	const released: number[] = [];
	const files = testFiles(30).map((file, index) => ({
		...file,
		open: async () => {
			expect(released).not.toContain(index);
			open.add(index);
			return await file.open();
		},
		release: () => released.push(index),
	}));
	const [refused, broken] = [files[3], files[17]] as [TestFile, TestFile];
	broken.open = async () => {
		throw new Error('unreadable');
	};
	const isRefused = poison(({ sha256 }) => sha256 === refused.sha256);
	emulator.misbehave((request) => {
		if (request.index % 4 === 0) return { kind: 'status', status: 503 };
		if (request.index % 4 === 1) return { kind: 'reset', afterBytes: 2_000 };
		return isRefused(request);
	});
	const { outcomes } = await run(files, form(emulator), { maxFiles: 10 });
	expect(outcomes.filter(({ failure }) => failure)).toHaveLength(2);
	expect(open.size).toBe(29);
	expect(released.sort((a, b) => a - b)).toEqual(files.map((_, index) => index));
});

it('releases copies of a file that has a verdict', async () => {
	let released = 0;
	const [file] = testFiles(1) as [TestFile];
	const copies = Array.from({ length: 5 }, () => ({ ...file, release: () => released++ }));
	const { outcomes } = await run(copies, form(emulator), { deduplicate: true });
	expect(outcomes.filter(({ reused }) => reused)).toHaveLength(4);
	expect(released).toBe(5);
});
