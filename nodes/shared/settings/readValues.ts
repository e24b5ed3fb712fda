import { z } from 'zod';
import { InputProblemError } from './inputProblem';
import { textOf, type NodeParameters } from './parameters';

export interface NumberRule {
	/** The option's name for people. */
	label: string;
	min: number;
	max: number;
	isWhole: boolean;
}

/** A number, as expressions give it: as text, too, and nothing at all for a field that is empty. */
export function readNumber(
	parameters: NodeParameters,
	option: string,
	{ label, min, max, isWhole }: NumberRule,
	item: number,
): number | undefined {
	const given = parameters.readOption(option, label, item);
	const value = typeof given === 'string' ? given.trim() : given;
	if (value === undefined || value === null || value === '') return undefined;
	const schema = z.coerce.number().min(min).max(max);
	const parsed = (isWhole ? schema.int() : schema).safeParse(value);
	// `true`, `[]` and dates can be made into numbers, but nobody means them as such.
	const isNumeric = typeof value === 'number' || typeof value === 'string';
	if (parsed.success && isNumeric) return parsed.data;
	return refuse(label, `${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}`, value);
}

/** An expression may give a text. */
export function readSwitch(
	parameters: NodeParameters,
	option: string,
	label: string,
	item: number,
): boolean | undefined {
	const value = parameters.readOption(option, label, item);
	const text = textOf(value).trim().toLowerCase();
	if (text === '') return undefined;
	if (text === 'true' || text === 'false') return text === 'true';
	return refuse(label, 'true or false', value);
}

/** One of a parameter's values; the first of them if the form does not show it. */
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
