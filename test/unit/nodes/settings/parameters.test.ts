import type { IExecuteFunctions } from 'n8n-workflow';
import { InputProblemError } from '../../../../nodes/shared/settings/inputProblem';
import {
	NodeParameters,
	refuse,
	type NumberRule,
} from '../../../../nodes/shared/settings/parameters';

/** Parameters with one value for all names. */
function parameters(value: unknown): NodeParameters {
	const getNodeParameter = (name: string) => (name === 'options' ? {} : value);
	return new NodeParameters({ getNodeParameter } as unknown as IExecuteFunctions);
}

/** The value that is read, or the rule that it breaks. */
function outcome(read: () => unknown): unknown {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof InputProblemError)) throw error;
		return error.problem;
	}
}

const refused = (label: string, rule: string, value: string) => ({
	kind: 'badParameter',
	label,
	rule,
	value,
});

describe('a number', () => {
	const RULE = { label: 'Batch Size', min: 1, max: 50, isWhole: true };
	const SHARE = { label: 'AI From', min: 0, max: 1, isWhole: false };
	const number = (value: unknown, rule: NumberRule = RULE) =>
		outcome(() => parameters(value).readNumber('option', rule, 3));

	it.each([
		[1, 1],
		[50, 50],
		['7', 7],
		[' 7 ', 7],
		['1e1', 10],
		[undefined, undefined],
		[null, undefined],
		['', undefined],
		['  ', undefined],
	])('%j gives %j', (value, expected) => {
		expect(number(value)).toBe(expected);
	});

	it.each([
		[0, '0'],
		[51, '51'],
		[1.5, '1.5'],
		['many', 'many'],
		[true, 'true'],
		[[], '[]'],
		[['7'], '["7"]'],
		[new Date(10), '"1970-01-01T00:00:00.010Z"'],
		[{}, '{}'],
		[NaN, 'null'],
	])('%j is refused', (value, shown) => {
		expect(number(value)).toEqual(refused('Batch Size', 'a whole number from 1 to 50', shown));
	});

	it('may be a fraction if the rule says so', () => {
		expect(number(0.5, SHARE)).toBe(0.5);
		expect(number(1.01, SHARE)).toEqual(refused('AI From', 'a number from 0 to 1', '1.01'));
	});

	it('is refused with advice if there is any', () => {
		const advice = (value: number) => (value > 1 ? `${value / 100}?` : undefined);
		const rule = { ...SHARE, advice };
		expect(number(65, rule)).toMatchObject({ rule: 'a number from 0 to 1: 0.65?' });
		expect(number('65', rule)).toMatchObject({ rule: 'a number from 0 to 1: 0.65?' });
		expect(number(-1, rule)).toMatchObject({ rule: 'a number from 0 to 1' });
		expect(number([65], rule)).toMatchObject({ rule: 'a number from 0 to 1' });
	});

	it('is read as the option of the item', () => {
		const values = { 'options.batchSize': ['={{ $json.size }}', 5, 6, 7, 8] } as const;
		const getNodeParameter = (name: 'options.batchSize', item: number, _: null, raw?: object) =>
			values[name]?.[raw ? 0 : item + 1];
		const given = new NodeParameters({ getNodeParameter } as unknown as IExecuteFunctions);
		expect(given.readNumber('batchSize', RULE, 2)).toBe(7);
		expect(given.readNumber('batchSize', RULE, 3)).toBe(8);
	});
});

describe('a switch', () => {
	const read = (value: unknown) =>
		outcome(() => parameters(value).readSwitch('option', 'Deduplicate', 0));

	it.each([
		[true, true],
		[false, false],
		['true', true],
		[' FALSE ', false],
		['', undefined],
		[' ', undefined],
		[null, undefined],
		[undefined, undefined],
	])('%j gives %j', (value, expected) => {
		expect(read(value)).toBe(expected);
	});

	it.each(['yes', 1, 'truely', {}])('%j is refused', (value) => {
		expect(read(value)).toMatchObject({ label: 'Deduplicate', rule: 'true or false' });
	});
});

describe('a choice', () => {
	const CHOICE = { name: 'otherItems', label: 'Other Items', choices: ['fail', 'pass'] } as const;
	const read = (value: unknown) => outcome(() => parameters(value).readChoice({ ...CHOICE }, 0));

	it.each([
		['fail', 'fail'],
		['pass', 'pass'],
		[undefined, 'fail'],
		[null, 'fail'],
	])('%j gives %j', (value, expected) => {
		expect(read(value)).toBe(expected);
	});

	it.each([
		['other', 'other'],
		['', ''],
		['Pass', 'Pass'],
		[1, '1'],
	])('%j is refused', (value, shown) => {
		expect(read(value)).toEqual(refused('Other Items', "'fail' or 'pass'", shown));
	});
});

it('a refused value is shown as users would write it', () => {
	expect(outcome(() => refuse('Label', 'a rule', { a: 1 }))).toEqual(
		refused('Label', 'a rule', '{"a":1}'),
	);
});
