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

/** Parameters as they are stored, and what n8n makes of their expressions for each item. */
function stored(raw: Record<string, unknown>, values: Record<string, unknown[]> = {}) {
	const evaluated: string[] = [];
	const getNodeParameter = (name: string, item: number, fallback: null, options?: object) => {
		if (options) {
			expect(options).toEqual({ rawExpressions: true });
			return raw[name] ?? fallback;
		}
		evaluated.push(`${name} ${item}`);
		const value = values[name]?.[item];
		if (value instanceof Error) throw value;
		return value;
	};
	const context = { getNodeParameter } as unknown as IExecuteFunctions;
	return { parameters: new NodeParameters(context), evaluated };
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

describe('a parameter', () => {
	it('is read once if it is the same for all items', () => {
		const raw: Record<string, unknown> = { field: 'data', number: 5, nothing: undefined };
		const { parameters: given, evaluated } = stored(raw);
		expect(given.read('field', 'Field', 0)).toBe('data');
		expect(given.read('nothing', 'Nothing', 0)).toBeNull();
		expect(given.read('number', 'Number', 0)).toBe(5);
		raw.field = 'changed';
		expect(given.read('field', 'Field', 1)).toBe('data');
		expect(evaluated).toEqual([]);
	});

	it('is evaluated for each item if it is an expression', () => {
		const { parameters: given } = stored({ field: '={{ $json.f }}' }, { field: ['a', 'b'] });
		expect([0, 1].map((item) => given.read('field', 'Field', item))).toEqual(['a', 'b']);
	});

	it('has a problem if its expression fails', () => {
		const broken = { field: [new Error("can't read")] };
		const { parameters: given } = stored({ field: '={{ x }}' }, broken);
		expect(outcome(() => given.read('field', 'Field', 0))).toEqual({
			kind: 'badExpression',
			label: 'Field',
			reason: "can't read",
		});
	});
});

describe('an option', () => {
	it('is read alone, so that an expression of another option does not matter', () => {
		const raw = { options: {}, 'options.batchSize': 7, 'options.timeout': '={{ x }}' };
		const { parameters: given, evaluated } = stored(raw);
		expect(given.readOption('batchSize', 'Batch Size', 2)).toBe(7);
		expect(evaluated).toEqual([]);
	});

	it('comes from one expression for all options, which is evaluated once for each item', () => {
		const values = { options: [{ batchSize: 1, timeout: 0 }, { batchSize: 2 }] };
		const { parameters: given, evaluated } = stored({ options: '={{ $json.o }}' }, values);
		const read = (name: string, item: number) => given.readOption(name, name, item);
		expect([read('batchSize', 0), read('timeout', 0)]).toEqual([1, 0]);
		expect([read('batchSize', 1), read('timeout', 1)]).toEqual([2, null]);
		expect(evaluated).toEqual(['options 0', 'options 1']);
	});

	it.each([
		[null, null],
		['text', { rule: 'an object', value: 'text', label: 'Options' }],
		[[1], { rule: 'an object', value: '[1]', label: 'Options' }],
		[new Error('broken'), { kind: 'badExpression', label: 'Options', reason: 'broken' }],
	])('one expression for all options that gives %p', (value, expected) => {
		const { parameters: given } = stored({ options: '={{ x }}' }, { options: [value] });
		const read = outcome(() => given.readOption('batchSize', 'Batch Size', 0));
		if (expected === null) expect(read).toBeNull();
		else expect(read).toMatchObject(expected);
	});
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
