import type { Emulator } from '../../support/emulator';
import { testFiles } from '../support/files';
import { form, run } from '../support/run';
import { useEmulator } from '../support/useEmulator';

let emulator: Emulator;
useEmulator((started) => (emulator = started));

it('hashes each file while it is sent, without reading it twice', async () => {
	const files = testFiles(6, 3_000_000);
	const since = Date.now();
	const { outcomes } = await run(files, form(emulator), { evidence: true });
	outcomes.forEach(({ sha256, verdict }, index) => {
		expect(sha256).toBe(files[index]?.sha256);
		expect(verdict?.checkedAt).toBeGreaterThanOrEqual(since);
	});
	expect(files.map(({ opened }) => opened)).toEqual(files.map(() => 1));
});

it('gives the hash of what was sent last if a file changes between two attempts', async () => {
	const [file, other] = testFiles(2, 200_000);
	let opened = 0;
	const changing = { ...file!, open: async () => await (opened++ > 0 ? other! : file!).open() };
	emulator.misbehave(({ index }) => (index === 0 ? { kind: 'status', status: 503 } : undefined));
	const { outcomes } = await run([changing], form(emulator), { evidence: true });
	expect(emulator.batchRequests.at(-1)?.files[0]?.sha256).toBe(other!.sha256);
	expect(outcomes[0]?.sha256).toBe(other!.sha256);
});

it('hashes nothing unless evidence is wanted', async () => {
	const { outcomes } = await run(testFiles(2), form(emulator));
	for (const { sha256, verdict } of outcomes) {
		expect(sha256).toBeUndefined();
		expect(verdict).not.toHaveProperty('checkedAt');
	}
});
