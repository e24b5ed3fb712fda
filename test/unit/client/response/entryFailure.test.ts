import { isFine, isPlaceholder, saysFailed } from '../../../../client/response/entryFailure';

const CERTAIN_NO = { isAI: false, confidence: 0 };

const nested = (depth: number): unknown => (depth === 0 ? 'broken' : { error: nested(depth - 1) });

describe('the status of an entry', () => {
	it.each([
		['fail', 'failed', 'failure', 'Failed', ' failed '],
		['err', 'error', 'errored', 'ERROR'],
		['invalid', 'reject', 'rejected', 'unsupported', 'skipped'],
		['timeout', 'timed out', 'timed-out', 'timed_out', 'timedout'],
		['corrupt', 'corrupted', 'unreadable', 'denied'],
		['cancel', 'cancelled', 'canceled', 'abort', 'aborted'],
		['missing', 'pending', 'unknown'],
		['400', ' 500 ', '599'],
	])('says that its file failed: %s, %s, …', (...statuses) => {
		const unnoticed = statuses.filter((status) => !saysFailed({ status }));
		expect(unnoticed).toEqual([]);
	});

	it.each([
		['ok', 'done', 'processed', 'inferred', ''],
		['not failed', 'failed over', 'completed_without_errors', 'errorless'],
		['timed  out', 'timely', 'cancelation', 'unknown_model', 'a missing'],
		['200', '399', '600', '4000', 'x400', '40'],
	])("doesn't say so: %s, %s, …", (...statuses) => {
		expect(statuses.filter((status) => saysFailed({ status }))).toEqual([]);
	});

	it.each<[unknown, boolean]>([
		[399, false],
		[400, true],
		[599, true],
		[600, false],
		[{ code: 500 }, true],
		[{ code: '500' }, true],
		[{ code: 200 }, false],
		[{ state: 'failed' }, false],
		[null, false],
		[undefined, false],
		[true, false],
	])('%j: failed %s', (status, expected) => {
		expect(saysFailed({ status })).toBe(expected);
	});
});

describe('the error of an entry', () => {
	it.each<[unknown, boolean]>([
		['broken', true],
		['nonetheless broken', true],
		['broken, or none', true],
		['no file', true],
		['no errorless file', true],
		['2000', true],
		[' none ', false],
		['', false],
		['   ', false],
		[500, true],
		[1, true],
		[0, false],
		[200, false],
		[true, true],
		[false, false],
		[null, false],
		[undefined, false],
		[{}, false],
		[[], false],
		[{ code: 200, message: 'ok' }, false],
		[[null, 'broken'], true],
		[{ code: 200, message: 'broken' }, true],
		[nested(3), true],
		[nested(4), false],
	])('%j: failed %s', (error, expected) => {
		expect(saysFailed({ error })).toBe(expected);
		expect(saysFailed({ errors: error })).toBe(expected);
	});

	it.each([
		['none', 'null', 'nil', 'false', 'None'],
		['na', 'n/a', 'ok', 'okay', '0', '200', '-'],
		['success', 'successful', 'successfully'],
		['no error', 'no errors', 'no_error', 'no-errors', 'noerror', 'No errors found'],
	])('is no error: %s, %s, …', (...words) => {
		expect(words.filter((error) => saysFailed({ error }))).toEqual([]);
		expect(words.filter((word) => !isFine(` ${word} `))).toEqual([]);
	});
});

it('only `success: false` means a failure', () => {
	const values = [false, true, 0, null, undefined, 'false'];
	expect(values.map((success) => saysFailed({ success }))).toEqual([
		true,
		...Array<boolean>(5).fill(false),
	]);
});

it.each([
	['Decoded with success', true],
	['SUCCESS', true],
	['cannot decode', false],
	['no', false],
])('words instead of a verdict say that all is well: %j %s', (words, expected) => {
	expect(isFine(words)).toBe(expected);
});

describe('isAI false with a confidence of 0', () => {
	it.each([
		['failed', 'internal error', 'invalid', 'corrupt file', 'damaged'],
		["couldn't read", 'could not read', 'couldnot', 'Could Not'],
		['cannot', 'can not', "can't"],
		['unable', 'unread', 'unsupported', 'unknown'],
		['not valid', 'not a valid one', 'not an image', 'not support it', 'not image', 'not video'],
		['not read', 'not decoded', 'not found', 'not processed'],
		['denied', 'rejected', 'time out', 'timed out', 'timeout', 'missing', 'skipped'],
	])('is a placeholder next to words about a failure: %s, %s, …', (...words) => {
		const missed = words.filter((message) => !isPlaceholder(CERTAIN_NO, { message }));
		expect(missed).toEqual([]);
		expect(words.filter((detail) => !isPlaceholder(CERTAIN_NO, { detail }))).toEqual([]);
	});

	it.each([
		['real photo', 'done', 'not AI', 'canned', 'a note'],
		['no errors', 'without error', '0 failures', 'zero errors', 'no failure'],
		['not failed', 'No Errors, and no failures'],
	])('is a verdict next to other words: %s, %s, …', (...words) => {
		expect(words.filter((message) => isPlaceholder(CERTAIN_NO, { message }))).toEqual([]);
	});

	it('is a verdict without words', () => {
		expect(isPlaceholder(CERTAIN_NO, {})).toBe(false);
	});

	it('is the only verdict that may be a placeholder', () => {
		const marks = { message: 'failed' };
		expect(isPlaceholder({ isAI: false, confidence: 0.01 }, marks)).toBe(false);
		expect(isPlaceholder({ isAI: true, confidence: 0 }, marks)).toBe(false);
	});
});
