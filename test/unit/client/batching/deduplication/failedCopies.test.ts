import type { Failure } from '../../../../../client/model/failures';
import { check, fail, filesOf, fresh, reused } from './scene';

describe('copies of a file that fails', () => {
	const refused: Failure = { kind: 'fileRefused', serverMessage: 'no' };

	it.each<Failure>([refused, { kind: 'fileTooLarge' }])(
		'are not sent, because they would fail, too: $kind',
		async (failure) => {
			const { rounds, outcomes } = await check(filesOf('AAA'), { outcomeOf: () => fail(failure) });
			expect(rounds).toEqual([[0]]);
			const copy = { failure, reused: true };
			expect(outcomes).toEqual([{ failure }, copy, copy]);
		},
	);

	it('get the outcome of a second attempt if the service failed on the first', async () => {
		const failure: Failure = { kind: 'unavailable' };
		const once = await check(filesOf('AAAA'), {
			outcomeOf: (index) => (index === 0 ? fail(failure) : undefined),
		});
		expect(once.rounds).toEqual([[0], [1]]);
		expect(once.outcomes).toEqual([fail(failure), fresh('A'), reused('A'), reused('A')]);
		const twice = await check(filesOf('AAAA'), { outcomeOf: () => fail(failure) });
		expect(twice.rounds).toEqual([[0], [1]]);
		const copy = { failure, reused: true };
		expect(twice.outcomes).toEqual([{ failure }, { failure }, copy, copy]);
	});

	it.each<Failure>([{ kind: 'fileChanged' }, { kind: 'fileUnreadable' }])(
		'are sent one by one if only the copy itself was at fault: $kind',
		async (failure) => {
			const { rounds, outcomes } = await check(filesOf('AAAAA'), {
				outcomeOf: (index) => (index < 3 ? fail(failure) : undefined),
			});
			expect(rounds).toEqual([[0], [1], [2], [3]]);
			expect(outcomes.slice(2)).toEqual([fail(failure), fresh('A'), reused('A')]);
		},
	);
});

it('sends at most two copies of a file on which the service fails, and one of each other content', async () => {
	const failure: Failure = { kind: 'unavailable' };
	const scene = { outcomeOf: () => fail(failure), known: { 0: fail(failure) } };
	expect((await check(filesOf('AAA'), scene)).rounds).toEqual([[1]]);
	const stopped = await check(filesOf('aabbb'), {
		outcomeOf: (_, time) => (time === 1 ? fail(failure) : undefined),
	});
	expect(stopped.rounds).toEqual([[0], [1, 2]]);
});
