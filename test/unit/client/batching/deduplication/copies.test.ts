import { Deduplication } from '../../../../../client/batching/deduplication';
import { OutcomeLedger } from '../../../../../client/batching/outcomeLedger';
import { testRun } from '../../testRun';
import { check, filesOf, fresh, reused } from './scene';

it.each([
	['files that differ', 'ABC', [[0, 1, 2]]],
	['a copy', 'AAB', [[0, 2]]],
	['files that only begin the same', 'aab', [[0], [2]]],
	['copies that are not neighbors', 'abab', [[0], [1]]],
	['no files', '', []],
])('sends each content once: %s', async (_, letters, rounds) => {
	const files = filesOf(letters);
	const result = await check(files);
	expect(result.rounds).toEqual(rounds);
	const seen = new Set<string>();
	const expected = Array.from(letters, (letter) => {
		const isFirst = !seen.has(letter);
		seen.add(letter);
		return isFirst ? fresh(letter) : reused(letter);
	});
	expect(result.outcomes).toEqual(expected);
	// A file that is sent is hashed meanwhile. A copy is read only for its hash.
	const once = files.filter((_, index) => index === 0 || result.outcomes[index]?.reused);
	expect(once.every(({ opened }) => opened === 1)).toBe(true);
});

it('sends each file, and hashes none, if deduplication is off', async () => {
	const files = filesOf('AAa');
	const { rounds, outcomes } = await check(files, { deduplicate: false });
	expect(rounds).toEqual([[0, 1, 2]]);
	expect(outcomes.some((outcome) => outcome.reused)).toBe(false);
	const { run } = testRun();
	const options = { deduplicate: false, memory: undefined };
	expect(new Deduplication(files, run, new OutcomeLedger(files), options).files).toEqual(files);
});

it('treats files without a fingerprint as different', async () => {
	const files = filesOf('AA').map((file) => ({ ...file, fingerprint: undefined }));
	expect((await check(files)).rounds).toEqual([[0, 1]]);
});

it('shares an outcome that is already known with the copies, and sends none of them', async () => {
	const { rounds, outcomes } = await check(filesOf('AAB'), { known: { 1: fresh('A') } });
	expect(rounds).toEqual([[2]]);
	expect(outcomes).toEqual([reused('A'), fresh('A'), fresh('B')]);
});

it('reads no copies after the run has stopped', async () => {
	const files = filesOf('AA');
	const { rounds, outcomes } = await check(files, { isStopped: true });
	expect(rounds).toEqual([[0]]);
	expect(files[1]?.opened).toBe(0);
	expect(outcomes[1]).toEqual({ failure: { kind: 'notSent' } });
});

it('can be canceled while it reads copies', async () => {
	const files = filesOf('AA');
	const { run } = testRun();
	const ledger = new OutcomeLedger([{}, {}]);
	const options = { deduplicate: true, memory: undefined };
	const scheduler = {
		check: async () => {
			ledger.settle(0, fresh('A'));
			run.abort(new Error('canceled'));
		},
	};
	const checking = new Deduplication(files, run, ledger, options).check(scheduler);
	await expect(checking).rejects.toThrow('canceled');
	expect(files[1]?.opened).toBe(0);
});
