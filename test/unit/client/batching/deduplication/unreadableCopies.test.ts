import type { Failure } from '../../../../../client/model/failures';
import type { TestFile } from '../../../../integration/support/files';
import { check, fail, filesOf, fresh, reused } from './scene';

/** Makes the first attempt to open a file fail. */
function breakOnce(file: TestFile): void {
	const open = file.open.bind(file);
	file.open = async () => {
		file.open = open;
		throw new Error('not yet');
	};
}

it("sends a file that can't be hashed", async () => {
	const files: TestFile[] = filesOf('AAA');
	const [, broken] = files as [TestFile, TestFile, TestFile];
	broken.open = async () => {
		throw new Error('gone');
	};
	const failure: Failure = { kind: 'fileUnreadable' };
	const { rounds, outcomes } = await check(files, {
		outcomeOf: (index) => (index === 1 ? fail(failure) : undefined),
	});
	expect(rounds).toEqual([[0], [1]]);
	expect(outcomes).toEqual([fresh('A'), { failure }, reused('A')]);
});

it("bug: doesn't treat two files as copies because neither could be hashed", async () => {
	const files: TestFile[] = filesOf('abc');
	files.slice(1).forEach(breakOnce);
	const { rounds, outcomes } = await check(files);
	expect(rounds).toEqual([[0], [1, 2]]);
	expect(outcomes).toEqual([fresh('a'), fresh('b'), fresh('c')]);
});

it("hashes all copies, no matter how many can't be read", async () => {
	expect((await check(filesOf('AAAAAA'))).rounds).toEqual([[0]]);
	const files: TestFile[] = filesOf('AAAAAA');
	files.slice(1, 4).forEach(breakOnce);
	expect((await check(files)).rounds).toEqual([[0], [1, 2, 3]]);
});

it('stops hashing after three files that time out, and sends the others unhashed', async () => {
	const files = filesOf('aaaaaa');
	const stall = async () => await new Promise<never>(() => {});
	for (const file of files.slice(1)) {
		file.open = async () => {
			file.opened++;
			return await stall();
		};
	}
	const { outcomes, run } = await check(files, {
		settings: { timeoutMs: 1 },
		outcomeOf: (index) => (index > 0 ? fail({ kind: 'fileUnreadable' }) : undefined),
	});
	expect(files.slice(1).map(({ opened }) => opened)).toEqual([1, 1, 1, 0, 0]);
	expect(outcomes[5]).toEqual({ failure: { kind: 'fileUnreadable' } });
	expect(run.rings.take()).toBeDefined();
});
