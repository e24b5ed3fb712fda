import { MAX_EXTRA_REFUSALS, RefusalTracker } from '../../../../client/batching/refusalTracker';

function refuse(tracker: RefusalTracker, times: number, files = 1): void {
	for (let refusal = 0; refusal < times; refusal++) tracker.noteRefused(files);
}

it('doubts the whole run after one refusal, and gives up after twelve more', () => {
	const tracker = new RefusalTracker();
	expect(tracker.hasOnlyRefusals).toBe(false);
	refuse(tracker, 1);
	expect(tracker.hasOnlyRefusals).toBe(true);
	refuse(tracker, MAX_EXTRA_REFUSALS - 1);
	expect(tracker.isHopeless).toBe(false);
	refuse(tracker, 1);
	expect(tracker.isHopeless).toBe(true);
});

it('tries elsewhere after three refusals', () => {
	const tracker = new RefusalTracker();
	refuse(tracker, 2);
	expect(tracker.looksElsewhere).toBe(false);
	refuse(tracker, 1);
	expect(tracker.looksElsewhere).toBe(true);
});

it('bug: never gives up after anything was accepted', () => {
	const tracker = new RefusalTracker();
	refuse(tracker, MAX_EXTRA_REFUSALS);
	tracker.noteAccepted(1);
	refuse(tracker, 1_000);
	expect(tracker).toMatchObject({
		hasOnlyRefusals: false,
		looksElsewhere: false,
		isHopeless: false,
	});
});

it('notices when most files are refused, and when that ends', () => {
	const tracker = new RefusalTracker();
	tracker.noteAccepted(50);
	refuse(tracker, 4);
	expect(tracker.mostAreRefused).toBe(false);
	refuse(tracker, 1);
	expect(tracker.mostAreRefused).toBe(true);
	for (let file = 0; file < 10; file++) tracker.noteAccepted(1);
	expect(tracker.mostAreRefused).toBe(false);
	refuse(tracker, 50);
	expect(tracker.mostAreRefused).toBe(true);
	tracker.noteAccepted(50);
	expect(tracker.mostAreRefused).toBe(false);
});

it("doesn't count a refused batch among single files", () => {
	const tracker = new RefusalTracker();
	tracker.noteAccepted(1);
	refuse(tracker, 100, 2);
	expect(tracker.mostAreRefused).toBe(false);
});

it('tries places that are far apart', () => {
	const tracker = new RefusalTracker();
	const places = Array.from({ length: 12 }, () => {
		refuse(tracker, 1);
		return tracker.nextPlace;
	}).sort((a, b) => a - b);
	const gaps = places.slice(1).map((place, index) => place - (places[index] as number));
	expect(Math.min(...gaps)).toBeGreaterThan(0.03);
	expect(places.every((place) => place >= 0 && place < 1)).toBe(true);
});
