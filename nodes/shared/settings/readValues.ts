import { z } from 'zod';
import { InputProblemError } from './inputProblem';
import { textOf, type NodeParameters } from './parameters';

export interface NumberRule {
	/** The option's name in the form. */
	label: string;
	/** A hint to add for a value that can't be used. */
	advice?: (value: number) => string | undefined;
	min: number;
	max: number;
	isWhole: boolean;
}

export function readNumber(
	parameters: NodeParameters,
	option: string,
	rule: NumberRule,
	item: number,
): number | undefined {
	return toNumber(parameters.readOption(option, rule.label, item), rule);
}

/** A number, which expressions may also return as text. An empty field means undefined. */
export function toNumber(
	given: unknown,
	{ label, min, max, isWhole, advice }: NumberRule,
): number | undefined {
	const value = typeof given === 'string' ? given.trim() : given;
	if (value === undefined || value === null || value === '') return undefined;
	const schema = z.coerce.number().min(min).max(max);
	const parsed = (isWhole ? schema.int() : schema).safeParse(value);
	// `true`, `[]` and dates could be converted to numbers, but that is never intended.
	const isNumeric = typeof value === 'number' || typeof value === 'string';
	if (parsed.success && isNumeric) return parsed.data;
	const advised = isNumeric && advice?.(Number(value));
	const rule = `${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
	return refuse(label, advised ? `${rule}: ${advised}` : rule, value);
}

export function readSwitch(
	parameters: NodeParameters,
	option: string,
	label: string,
	item: number,
): boolean | undefined {
	return toSwitch(parameters.readOption(option, label, item), label);
}

/** True or false, which expressions may also return as text. */
export function toSwitch(value: unknown, label: string): boolean | undefined {
	const text = textOf(value).trim().toLowerCase();
	if (text === '') return undefined;
	if (text === 'true' || text === 'false') return text === 'true';
	return refuse(label, 'true or false', value);
}

/** One of a parameter's values; the first one if the form doesn't show the parameter. */
export function readChoice<T extends string>(
	parameters: NodeParameters,
	{ name, label, choices }: { name: string; label: string; choices: readonly [T, ...T[]] },
	item: number,
): T {
	const value = parameters.read(name, label, item);
	if (value === undefined || value === null) return choices[0];
	const chosen = choices.find((choice) => choice === value);
	return chosen ?? refuse(label, choices.map((choice) => `'${choice}'`).join(' or '), value);
}

export function refuse(label: string, rule: string, value: unknown): never {
	throw new InputProblemError({ kind: 'badParameter', label, rule, value: textOf(value) });
}
