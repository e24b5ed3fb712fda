import { ServiceRecord } from '../../../../client/sending/serviceRecord';

it('starts without signs of trouble, and counts the time from the start of the run', () => {
	expect(new ServiceRecord(7)).toMatchObject({
		hasAnswered: false,
		lastSign: 7,
		countsFromOne: false,
		repeatsRequestIds: false,
	});
});

it('counts responses, and treats refusals as signs of life', () => {
	const service = new ServiceRecord(0);
	service.noteSign(3);
	expect(service).toMatchObject({ hasAnswered: false, answered: 0, signs: 1, lastSign: 3 });
	service.noteAnswer(4);
	expect(service).toMatchObject({ hasAnswered: true, answered: 1, signs: 2, lastSign: 4 });
});

it('stops after three responses if none was usable', () => {
	const service = new ServiceRecord(0);
	expect([1, 2, 3].map(() => service.noteUnusable())).toEqual([false, false, true]);
});

it('never stops after a usable response', () => {
	const service = new ServiceRecord(0);
	service.noteUnusable();
	service.noteAnswer(1);
	expect(Array.from({ length: 10 }, () => service.noteUnusable())).not.toContain(true);
});

it('ends a run at the second severe failure without a sign of life in between', () => {
	const service = new ServiceRecord(0);
	expect(service.noteSevere(5, 10)).toBe(false);
	expect(service.noteSevere(11, 20)).toBe(true);
});

it('bug: after a sign of life, the next severe failure counts as the first', () => {
	for (const sign of ['noteAnswer', 'noteSign'] as const) {
		const service = new ServiceRecord(0);
		service.noteSevere(5, 10);
		service[sign](15);
		expect(service.noteSevere(20, 30)).toBe(false);
		expect(service.noteSevere(40, 50)).toBe(true);
	}
});

it("doesn't count a request that was in flight when the first one failed", () => {
	const service = new ServiceRecord(0);
	expect(service.noteSevere(5, 10)).toBe(false);
	expect(service.noteSevere(9, 11)).toBe(false);
	// Sent at the moment when the second one failed.
	expect(service.noteSevere(11, 20)).toBe(true);
});

it('recognizes request IDs that it has seen; a missing ID counts as new', () => {
	const service = new ServiceRecord(0);
	service.noteRequestId('a');
	service.noteRequestId(undefined);
	expect(['a', 'b', undefined].map((id) => service.hasSeen(id))).toEqual([true, false, false]);
});

it('reports how many requests had a response before a failure', () => {
	const service = new ServiceRecord(0);
	expect(service.describe({ kind: 'forbidden' })).toEqual({ kind: 'forbidden' });
	service.noteAnswer(1);
	service.noteSign(2);
	service.noteAnswer(3);
	expect(service.describe({ kind: 'forbidden' })).toEqual({ kind: 'forbidden', answeredBefore: 2 });
});
