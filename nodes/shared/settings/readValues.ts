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

/** Expressions give numbers as text, and nothing at all for a field that is empty. */
export function readNumber(
	parameters: NodeParameters,
	option: string,
	{ label, min, max, isWhole }: NumberRule,
	item: number,
): number | undefined {
	const value = parameters.read(`options.${option}`, label, item);
	if (value === undefined || value === null || value === '') return undefined;
	const schema = z.coerce.number().min(min).max(max);
	const parsed = (isWhole ? schema.int() : schema).safeParse(value);
	if (parsed.success && typeof value !== 'boolean') return parsed.data;
	return refuse(label, `${isWhole ? 'a whole number' : 'a number'} from ${min} to ${max}`, value);
}

/** An expression may give a text. */
export function readSwitch(
	parameters: NodeParameters,
	option: string,
	label: string,
	item: number,
): boolean | undefined {
	const value = parameters.read(`options.${option}`, label, item);
	if (value === undefined || value === null) return undefined;
	const text = textOf(value).trim().toLowerCase();
	if (text === 'true' || text === 'false') return text === 'true';
	return refuse(label, 'true or false', value);
}

export function refuse(label: string, rule: string, value: unknown): never {
	throw new InputProblemError({ kind: 'badParameter', label, rule, value: textOf(value) });
}
