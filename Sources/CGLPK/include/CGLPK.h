// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CGLPK_H
#define CGLPK_H

#include <stdbool.h>
#include <stdint.h>

// GLPK behind functions that cannot abort the process.
//
// GLPK answers a bad argument, and memory that has run out, by calling abort(). Each function here
// sets a jump target first and installs an error hook that jumps to it, so that such an answer
// becomes the return value CGLPK_BROKEN. The jump never leaves this file: no frame of Swift lies
// between the target and the hook. After it the problem is unusable and only cglpk_close,
// cglpk_is_broken and cglpk_message may be called with it.
//
// GLPK's environment is thread-local: a problem is opened, used and closed on one thread, and one
// problem at a time is open on a thread.
//
// Positions are from 0; minus and plus infinity mean no bound.

typedef struct cglpk_problem cglpk_problem;

enum {
  CGLPK_BROKEN = -1,
  CGLPK_OK = 0,
};

// Where a solve came to, in GLPK's terms: see cglpk_state.
typedef enum {
  CGLPK_UNDEFINED,
  CGLPK_FEASIBLE,
  CGLPK_INFEASIBLE,
  CGLPK_OPTIMAL,
  CGLPK_UNBOUNDED,
  // Dual infeasible by the presolver: unbounded or infeasible.
  CGLPK_NO_DUAL,
  // A limit of time or iterations was reached; the point, if any, is primal infeasible.
  CGLPK_LIMIT,
  // A limit was reached at a primal feasible point.
  CGLPK_LIMIT_FEASIBLE,
  // The solver failed numerically.
  CGLPK_FAILED,
} cglpk_state;

typedef struct {
  int32_t rows;
  int32_t columns;
  const double *row_lower;
  const double *row_upper;
  const double *column_lower;
  const double *column_upper;
  const double *cost;
  const bool *is_integer;
  // Entries of column j: positions start[j] ..< start[j + 1].
  const int32_t *start;
  const int32_t *row;
  const double *value;
  double constant;
} cglpk_model;

typedef enum { CGLPK_PRIMAL, CGLPK_DUAL } cglpk_method;

typedef struct {
  // Milliseconds of wall time.
  int32_t time_limit;
  // Stop when (incumbent - bound) / max(1, |incumbent|) is at most this; negative for never.
  double gap;
  bool presolve;
  bool mir_cuts;
  // A point that the caller has checked, or null; needs presolve off.
  const double *start;
  // Asked at each event of the search; null for never. It must call nothing of this file.
  bool (*is_cancelled)(const void *context);
  const void *context;
  // A lower bound known before the search.
  double known_bound;
} cglpk_search;

typedef struct {
  cglpk_state state;
  // Lower bound of the objective proved by the search tree; -infinity for none.
  double bound;
  // Whether the search ended because the gap was reached.
  bool gap_reached;
} cglpk_search_result;

// Loads a model. Null only without memory for the handle itself.
cglpk_problem *cglpk_open(const cglpk_model *model);
// Reads a file in free MPS (or else CPLEX LP) format.
cglpk_problem *cglpk_open_file(const char *path, bool is_mps);
// Frees the problem and the environment of this thread.
void cglpk_close(cglpk_problem *problem);

bool cglpk_is_broken(const cglpk_problem *problem);
// What GLPK wrote last, for messages.
const char *cglpk_message(const cglpk_problem *problem);
const char *cglpk_version(void);

int cglpk_add_column(cglpk_problem *problem, double lower, double upper, double cost,
                     int32_t count, const int32_t *rows, const double *values);
int cglpk_set_column_bounds(cglpk_problem *problem, int32_t column, double lower, double upper);
int cglpk_set_row_bounds(cglpk_problem *problem, int32_t row, double lower, double upper);
int cglpk_set_cost(cglpk_problem *problem, int32_t column, double cost);

// Chooses a starting basis: a triangular one, or else that of the slacks.
int cglpk_reset_basis(cglpk_problem *problem, bool advanced);
int cglpk_scale(cglpk_problem *problem);
// Simplex from the present basis, or from nothing through the presolver.
int cglpk_simplex(cglpk_problem *problem, cglpk_method method, bool presolve, int32_t time_limit,
                  int32_t iteration_limit, cglpk_state *state);
// Branch and cut; without presolve it needs an optimal basis of the relaxation.
int cglpk_branch_and_cut(cglpk_problem *problem, const cglpk_search *search,
                         cglpk_search_result *result);

// Values of all columns, of the last simplex or of the last branch and cut.
int cglpk_values(cglpk_problem *problem, bool integer, double *values);
// Dual values of all rows.
int cglpk_duals(cglpk_problem *problem, double *duals);

// Reading a problem back.
int cglpk_size(cglpk_problem *problem, int32_t *rows, int32_t *columns, int32_t *entries,
               bool *maximised);
int cglpk_read(cglpk_problem *problem, double *row_lower, double *row_upper, double *column_lower,
               double *column_upper, double *cost, bool *is_integer, int32_t *start, int32_t *row,
               double *value, double *constant);
// The name of a row or column, or null.
const char *cglpk_row_name(cglpk_problem *problem, int32_t row);
const char *cglpk_column_name(cglpk_problem *problem, int32_t column);

#endif
