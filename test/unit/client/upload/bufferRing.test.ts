import { BUFFER_BYTES, BufferRing, BufferRings } from '../../../../client/upload/bufferRing';

it('never reuses the memory of the two previous chunks', () => {
	const ring = new BufferRing(16);
	const taken = Array.from({ length: 30 }, () => ring.next());
	taken.forEach((buffer, index) => {
		expect(buffer.buffer).not.toBe(taken[index - 1]?.buffer);
		expect(buffer.buffer).not.toBe(taken[index - 2]?.buffer);
	});
	expect(new Set(taken).size).toBe(3);
});

it('reuses a ring only after it is given back', () => {
	const rings = new BufferRings();
	const [first, second] = [rings.take(), rings.take()];
	expect(second).not.toBe(first);
	rings.giveBack(first);
	expect(rings.take()).toBe(first);
	expect(rings.take()).not.toBe(first);
	expect(first.bufferBytes).toBe(BUFFER_BYTES);
});
