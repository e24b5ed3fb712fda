import { ServiceRecord } from '../../../../client/sending/serviceRecord';

it('expects nothing strange of a service at first, and counts the time from the start of the run', () => {
	expect(new ServiceRecord(7)).toMatchObject({
		hasAnswered: false,
		lastSign: 7,
		countsFromOne: false,
		repeatsRequestIds: false,
	});
});

it('counts answers, and refusals as signs of life', () => {
	const service = new ServiceRecord(0);
	service.noteSign(3);
	expect(service).toMatchObject({ hasAnswered: false, answered: 0, signs: 1, lastSign: 3 });
	service.noteAnswer(4);
	expect(service).toMatchObject({ hasAnswered: true, answered: 1, signs: 2, lastSign: 4 });
});

it('gives up a service whose first three responses hold nothing usable', () => {
	const service = new ServiceRecord(0);
	expect([1, 2, 3].map(() => service.noteUnusable())).toEqual([false, false, true]);
});

it('gives up no service that has ever given anything usable', () => {
	const service = new ServiceRecord(0);
	service.noteUnusable();
	service.noteAnswer(1);
	expect(Array.from({ length: 10 }, () => service.noteUnusable())).not.toContain(true);
});

it('ends a run with the second severe failure that no sign lies between', () => {
	const service = new ServiceRecord(0);
	expect(service.noteSevere(5, 10)).toBe(false);
	expect(service.noteSevere(11, 20)).toBe(true);
});

it('bug: any sign in between makes the next one the first', () => {
	for (const sign of ['noteAnswer', 'noteSign'] as const) {
		const service = new ServiceRecord(0);
		service.noteSevere(5, 10);
		service[sign](15);
		expect(service.noteSevere(20, 30)).toBe(false);
		expect(service.noteSevere(40, 50)).toBe(true);
	}
});

it('counts no request that was under way when the first one failed', () => {
	const service = new ServiceRecord(0);
	expect(service.noteSevere(5, 10)).toBe(false);
	expect(service.noteSevere(9, 11)).toBe(false);
	// Sent the moment that the second one failed.
	expect(service.noteSevere(11, 20)).toBe(true);
});

it('knows request IDs that it has seen, and tells nothing of missing ones', () => {
	const service = new ServiceRecord(0);
	service.noteRequestId('a');
	service.noteRequestId(undefined);
	expect(['a', 'b', undefined].map((id) => service.hasSeen(id))).toEqual([true, false, false]);
});

it('says how many requests were answered before a failure', () => {
	const service = new ServiceRecord(0);
	expect(service.describe({ kind: 'forbidden' })).toEqual({ kind: 'forbidden' });
	service.noteAnswer(1);
	service.noteSign(2);
	service.noteAnswer(3);
	expect(service.describe({ kind: 'forbidden' })).toEqual({ kind: 'forbidden', answeredBefore: 2 });
});
