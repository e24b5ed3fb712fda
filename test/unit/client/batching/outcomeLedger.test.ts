import { OutcomeLedger } from '../../../../client/batching/outcomeLedger';
import type { Failure } from '../../../../client/model/failures';
import { NO_COUNTS, type Outcome } from '../../../../client/model/outcome';

const VERDICT: Outcome = { verdict: { isAI: true, confidence: 0.9, batchPosition: 0 } };
const BROKEN: Failure = { kind: 'fileRefused' };
const UNSENT: Failure = { kind: 'notSent' };

it('keeps the first outcome of each file, and counts it once', () => {
	const ledger = new OutcomeLedger([{}, {}]);
	ledger.settle(1, VERDICT);
	ledger.settle(1, { failure: BROKEN });
	ledger.fail(1, BROKEN);
	expect(ledger.outcomeOf(1)).toBe(VERDICT);
	expect([ledger.isOpen(0), ledger.isOpen(1), ledger.settled]).toEqual([true, false, 1]);
});

it('releases a file once, as soon as its outcome is known', () => {
	const release = jest.fn();
	const ledger = new OutcomeLedger([{ release }, {}]);
	ledger.settle(1, VERDICT);
	expect(release).not.toHaveBeenCalled();
	ledger.settle(0, VERDICT);
	ledger.fail(0, BROKEN);
	expect(release).toHaveBeenCalledTimes(1);
});

it('reports why files without an outcome were not sent', () => {
	const ledger = new OutcomeLedger([{}, {}, {}]);
	ledger.settle(1, VERDICT);
	ledger.fail(2, BROKEN);
	expect(ledger.result(NO_COUNTS, UNSENT)).toEqual({
		outcomes: [{ failure: UNSENT }, VERDICT, { failure: BROKEN }],
		counts: NO_COUNTS,
		stoppedAt: undefined,
	});
});

it('ends a run that stops on failures, and remembers the file that failed first', () => {
	const stop = jest.fn();
	const ledger = new OutcomeLedger([{}, {}, {}], stop);
	ledger.settle(0, VERDICT);
	expect(stop).not.toHaveBeenCalled();
	ledger.fail(2, BROKEN);
	ledger.fail(1, UNSENT);
	expect(stop.mock.calls).toEqual([[BROKEN], [UNSENT]]);
	expect(ledger.result(NO_COUNTS, UNSENT).stoppedAt).toBe(2);
});
