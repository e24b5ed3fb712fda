import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_BANDS, reconcile, type Bands } from './bands';
import type { Execution } from './execution';
import { InputProblemError } from './inputProblem';
import { toNumber, type NodeParameters, type NumberRule } from './parameters';

/**
 * Each threshold is stored in one of two places: as an option, or in a parameter that the form shows
 * beneath 'Route by Verdict' as long as the option is not added. The option counts.
 */
interface Threshold {
	name: string;
	option: keyof Bands;
	parameter: string;
	description: string;
}

const AI: Threshold = {
	name: 'Threshold for AI Generated',
	option: 'aiFrom',
	parameter: 'aiThreshold',
	description:
		"Confidence from 0 to 1 from which a file counts as AI-generated: 0.8 for 80%. BitMind's own 'isAI' is true from 0.5 on and stays as it is.",
};

const REVIEW: Threshold = {
	name: 'Threshold for Review',
	option: 'reviewFrom',
	parameter: 'reviewThreshold',
	description:
		'Confidence from 0 to 1 from which a file needs review, up to the threshold for AI-generated ones. Below it a file counts as authentic.',
};

/** The parameters beneath 'Route by Verdict'. */
export const THRESHOLD_PARAMETERS: INodeProperties[] = [AI, REVIEW].map((threshold) => ({
	...formOf(threshold),
	name: threshold.parameter,
	displayOptions: {
		show: { routeByVerdict: [true] },
		hide: { [`/options.${threshold.option}`]: [{ _cnd: { exists: true } }] },
	},
}));

export const THRESHOLD_OPTIONS: INodeProperties[] = [AI, REVIEW].map((threshold) => ({
	...formOf(threshold),
	name: threshold.option,
}));

/** No maximum: the editor would silently turn 80 into 1. */
function formOf({ name, option, description }: Threshold): Omit<INodeProperties, 'name'> {
	return {
		displayName: name,
		type: 'number',
		default: DEFAULT_BANDS[option],
		typeOptions: { minValue: 0, numberPrecision: 2 },
		description,
	};
}

/** The thresholds for an item's `verdict`; undefined if it gets none. */
export function readBands(
	{ parameters, isRouting, alwaysJudges }: Execution,
	item: number,
): Bands | undefined {
	const reviewFrom = readThreshold(parameters, REVIEW, item);
	const aiFrom = readThreshold(parameters, AI, item);
	const isWanted = reviewFrom !== undefined || aiFrom !== undefined || isRouting || alwaysJudges;
	if (!isWanted) return undefined;
	const bands = reconcile({
		reviewFrom: reviewFrom ?? DEFAULT_BANDS.reviewFrom,
		aiFrom: aiFrom ?? DEFAULT_BANDS.aiFrom,
	});
	if (bands.reviewFrom <= bands.aiFrom) return bands;
	throw new InputProblemError({ kind: 'badBands', ...bands });
}

function readThreshold(
	parameters: NodeParameters,
	{ name, option, parameter }: Threshold,
	item: number,
): number | undefined {
	const rule: NumberRule = { label: name, min: 0, max: 1, isWhole: false, advice: ofPercent };
	return (
		parameters.readNumber(option, rule, item) ??
		toNumber(parameters.read(parameter, name, item), rule)
	);
}

/** People think of a confidence in percent. */
function ofPercent(value: number): string | undefined {
	return value >= 2 && value <= 100 ? `${value / 100} for ${value}%` : undefined;
}
