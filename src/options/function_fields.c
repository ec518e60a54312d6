/* SPDX-License-Identifier: MIT */
/* Options of minimisation and of solving by name. */
#include "options/fields.h"

static const eg_choice methods[] = {{"gd", EG_METHOD_GD},
                                    {"momentum", EG_METHOD_MOMENTUM},
                                    {"nesterov", EG_METHOD_NESTEROV},
                                    {"rmsprop", EG_METHOD_RMSPROP},
                                    {"adam", EG_METHOD_ADAM},
                                    {"heavy-ball", EG_METHOD_HEAVY_BALL},
                                    {"bb", EG_METHOD_BB},
                                    {"lbfgs", EG_METHOD_LBFGS},
                                    {"newton", EG_METHOD_NEWTON},
                                    {"line-search", EG_METHOD_LINE_SEARCH},
                                    {NULL, 0}};
static const eg_choice schedules[] = {{"constant", EG_SCHEDULE_CONSTANT},
                                      {"inverse", EG_SCHEDULE_INVERSE},
                                      {"sqrt", EG_SCHEDULE_SQRT},
                                      {"cosine", EG_SCHEDULE_COSINE},
                                      {"step", EG_SCHEDULE_STEP},
                                      {"exponential", EG_SCHEDULE_EXPONENTIAL},
                                      {NULL, 0}};

#define OPTIONS eg_descent_options
const eg_field eg_descent_fields[] = {
    CHOICE("method", method, methods, "how steps are chosen"),
    FLAG("maximize", maximize, "maximises instead"),
    REAL("rate", rate, 0, 0, "step length over gradient norm; nan: chosen"),
    REAL("momentum", momentum, 0, 1, "part of the last step that is kept; nan: chosen"),
    CHOICE("schedule", schedule.shape, schedules, "how the rate changes from step to step"),
    REAL("schedule-factor", schedule.factor, 0, 0, "factor of the schedule"),
    SIZE("schedule-interval", schedule.interval, "steps between changes of the schedule step"),
    SIZE("warmup", schedule.warmup, "first steps, in which the rate grows to its full size"),
    SIZE("steps", steps, "most steps"),
    REAL("seconds", seconds, 0, 0, "time limit; 0: none"),
    REAL("tolerance", gradient_tolerance, 0, 0, "gradient norm that is small enough; nan: chosen"),
    REAL("value-tolerance", value_tolerance, 0, 0, "change of the value that ends the run"),
    REAL("step-tolerance", step_tolerance, 0, 0, "change of the point that ends the run"),
    FLAG("give-up", give_up, "stop as soon as divergence is detected"),
    SIZE("trial-evaluations", trial_evaluations, "most evaluations spent on trying advice"),
    END,
};
#undef OPTIONS

#define OPTIONS eg_solve_options
const eg_field eg_solve_fields[] = {
    REAL("seconds", seconds, 0, 0, "largest effort; 0: 2"),
    SIZE("boxes", boxes, "largest number of boxes kept at a time; 0: 65536"),
    INT("digits", digits, 0, 1000, "significant digits of the numbers; 0: 17"),
    FLAG("no-extremes", no_extremes, "critical points without minimum and maximum over the box"),
    END,
};
