import { fingerprintOf } from '../../../../client/files/contentHash';

it("a fingerprint doesn't depend on how much of the file is available", () => {
	const content = Buffer.from(Array.from({ length: 4_096 }, (_, n) => n % 251));
	// Verdicts are remembered by it for months, so it must not change between versions.
	const remembered = '4096-2G44YninF4Kig/lq';
	const found = [512, 513, 2_048, 4_096].map((length) =>
		fingerprintOf(content.length, content.subarray(0, length)),
	);
	expect(new Set(found)).toEqual(new Set([remembered]));
	expect(fingerprintOf(content.length, content.subarray(0, 511))).not.toBe(remembered);
});
