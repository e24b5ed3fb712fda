import { RetryBudget } from '../../../../client/sending/retryBudget';

const takeAll = (budget: RetryBudget, reason: 'timeout' | 'other') => {
	let count = 0;
	while (budget.take(reason) > 0) count++;
	return count;
};

it.each([
	['other', 100],
	['timeout', 50],
] as const)('lets a run repeat a request (%s) %i times when nothing succeeds', (reason, most) => {
	expect(takeAll(new RetryBudget(), reason)).toBe(most);
});

it('gives back the cost of a retry that succeeds', () => {
	const budget = new RetryBudget();
	for (let i = 0; i < 10_000; i++) {
		const cost = budget.take(i % 2 ? 'timeout' : 'other');
		expect(cost).toBeGreaterThan(0);
		budget.succeeded(cost);
	}
	expect(takeAll(budget, 'other')).toBe(100);
});

it('grows slowly with requests that need no retry', () => {
	const budget = new RetryBudget();
	takeAll(budget, 'other');
	for (let i = 0; i < 4; i++) budget.succeeded(0);
	expect(budget.take('other')).toBe(0);
	budget.succeeded(0);
	expect(budget.take('timeout')).toBe(0);
	expect(budget.take('other')).toBe(5);
});

it('never holds more than at the start', () => {
	const budget = new RetryBudget();
	for (let i = 0; i < 1_000; i++) budget.succeeded(0);
	expect(takeAll(budget, 'other')).toBe(100);
});
