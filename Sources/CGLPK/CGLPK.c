// SPDX-License-Identifier: GPL-3.0-or-later
#include "CGLPK.h"

#include <float.h>
#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MESSAGE_SIZE = 512 };

struct cglpk_problem {
  glp_prob *prob;
  jmp_buf escape;
  bool broken;
  size_t message_length;
  char message[MESSAGE_SIZE];
};

static void on_error(void *info) {
  cglpk_problem *problem = info;
  longjmp(problem->escape, 1);
}

// Keeps what GLPK writes and lets nothing reach the terminal: an abort switches its output on.
static int on_output(void *info, const char *text) {
  cglpk_problem *problem = info;
  size_t length = strlen(text);
  if (length >= MESSAGE_SIZE) {
    text += length - (MESSAGE_SIZE - 1);
    length = MESSAGE_SIZE - 1;
  }
  if (problem->message_length + length >= MESSAGE_SIZE) {
    size_t kept = MESSAGE_SIZE - 1 - length;
    if (kept > problem->message_length) {
      kept = problem->message_length;
    }
    memmove(problem->message, problem->message + problem->message_length - kept, kept);
    problem->message_length = kept;
  }
  memcpy(problem->message + problem->message_length, text, length);
  problem->message_length += length;
  problem->message[problem->message_length] = '\0';
  return 1;
}

// The head of each function that calls GLPK: returns CGLPK_BROKEN when a call in it is aborted.
// setjmp stands alone in its condition, as C demands.
#define GUARD(problem)                                                                             \
  do {                                                                                             \
    if ((problem)->broken) {                                                                       \
      return CGLPK_BROKEN;                                                                         \
    }                                                                                              \
    (problem)->message_length = 0;                                                                 \
    (problem)->message[0] = '\0';                                                                  \
    if (setjmp((problem)->escape)) {                                                               \
      (problem)->broken = true;                                                                    \
      return CGLPK_BROKEN;                                                                         \
    }                                                                                              \
  } while (0)

static cglpk_problem *new_problem(void) {
  cglpk_problem *problem = calloc(1, sizeof *problem);
  if (problem == NULL) {
    return NULL;
  }
  glp_term_out(GLP_OFF);
  glp_term_hook(on_output, problem);
  glp_error_hook(on_error, problem);
  return problem;
}

// GLP_DB with equal bounds is refused by the solvers: equal bounds are GLP_FX.
static int kind_of(double lower, double upper) {
  if (isinf(lower)) {
    return isinf(upper) ? GLP_FR : GLP_UP;
  }
  if (isinf(upper)) {
    return GLP_LO;
  }
  return lower == upper ? GLP_FX : GLP_DB;
}

static double finite_or_zero(double bound) { return isinf(bound) ? 0 : bound; }

static void set_row(glp_prob *prob, int row, double lower, double upper) {
  glp_set_row_bnds(prob, row, kind_of(lower, upper), finite_or_zero(lower), finite_or_zero(upper));
}

static void set_column(glp_prob *prob, int column, double lower, double upper) {
  glp_set_col_bnds(prob, column, kind_of(lower, upper), finite_or_zero(lower),
                   finite_or_zero(upper));
}

// GLPK takes arrays from 1; a column is copied into such arrays, whose first element is unused.
static void set_matrix_column(glp_prob *prob, int column, int32_t count, const int32_t *rows,
                              const double *values, int *index, double *number) {
  for (int32_t k = 0; k < count; k++) {
    index[k + 1] = rows[k] + 1;
    number[k + 1] = values[k];
  }
  glp_set_mat_col(prob, column, count, index, number);
}

static int load(cglpk_problem *problem, const cglpk_model *model) {
  GUARD(problem);
  glp_prob *prob = glp_create_prob();
  problem->prob = prob;
  glp_set_obj_dir(prob, GLP_MIN);
  glp_set_obj_coef(prob, 0, model->constant);
  if (model->rows > 0) {
    glp_add_rows(prob, model->rows);
  }
  for (int32_t i = 0; i < model->rows; i++) {
    set_row(prob, i + 1, model->row_lower[i], model->row_upper[i]);
  }
  if (model->columns > 0) {
    glp_add_cols(prob, model->columns);
  }
  // From GLPK's own allocator, so that glp_free_env frees them after an abort too.
  int *index = glp_alloc(model->rows + 1, sizeof *index);
  double *number = glp_alloc(model->rows + 1, sizeof *number);
  for (int32_t j = 0; j < model->columns; j++) {
    if (model->is_integer[j]) {
      glp_set_col_kind(prob, j + 1, GLP_IV);
    }
    set_column(prob, j + 1, model->column_lower[j], model->column_upper[j]);
    glp_set_obj_coef(prob, j + 1, model->cost[j]);
    int32_t from = model->start[j];
    set_matrix_column(prob, j + 1, model->start[j + 1] - from, model->row + from,
                      model->value + from, index, number);
  }
  glp_free(index);
  glp_free(number);
  return CGLPK_OK;
}

static int load_file(cglpk_problem *problem, const char *path, bool is_mps) {
  GUARD(problem);
  problem->prob = glp_create_prob();
  int code = is_mps ? glp_read_mps(problem->prob, GLP_MPS_FILE, NULL, path)
                    : glp_read_lp(problem->prob, NULL, path);
  if (code != 0) {
    problem->broken = true;
    return CGLPK_BROKEN;
  }
  return CGLPK_OK;
}

cglpk_problem *cglpk_open(const cglpk_model *model) {
  cglpk_problem *problem = new_problem();
  if (problem != NULL) {
    load(problem, model);
  }
  return problem;
}

cglpk_problem *cglpk_open_file(const char *path, bool is_mps) {
  cglpk_problem *problem = new_problem();
  if (problem != NULL) {
    load_file(problem, path, is_mps);
  }
  return problem;
}

void cglpk_close(cglpk_problem *problem) {
  if (problem == NULL) {
    return;
  }
  // Freeing the environment frees the problem as well, whole or broken.
  glp_free_env();
  free(problem);
}

bool cglpk_is_broken(const cglpk_problem *problem) { return problem->broken; }

const char *cglpk_message(const cglpk_problem *problem) { return problem->message; }

const char *cglpk_version(void) { return glp_version(); }

int cglpk_add_column(cglpk_problem *problem, double lower, double upper, double cost,
                     int32_t count, const int32_t *rows, const double *values) {
  GUARD(problem);
  glp_prob *prob = problem->prob;
  int column = glp_add_cols(prob, 1);
  set_column(prob, column, lower, upper);
  glp_set_obj_coef(prob, column, cost);
  int *index = glp_alloc(count + 1, sizeof *index);
  double *number = glp_alloc(count + 1, sizeof *number);
  set_matrix_column(prob, column, count, rows, values, index, number);
  glp_free(index);
  glp_free(number);
  return CGLPK_OK;
}

int cglpk_set_column_bounds(cglpk_problem *problem, int32_t column, double lower, double upper) {
  GUARD(problem);
  set_column(problem->prob, column + 1, lower, upper);
  return CGLPK_OK;
}

int cglpk_set_row_bounds(cglpk_problem *problem, int32_t row, double lower, double upper) {
  GUARD(problem);
  set_row(problem->prob, row + 1, lower, upper);
  return CGLPK_OK;
}

int cglpk_set_cost(cglpk_problem *problem, int32_t column, double cost) {
  GUARD(problem);
  // Column 0 would be the constant.
  glp_set_obj_coef(problem->prob, column < 0 ? -1 : column + 1, cost);
  return CGLPK_OK;
}

int cglpk_reset_basis(cglpk_problem *problem, bool advanced) {
  GUARD(problem);
  if (advanced) {
    glp_adv_basis(problem->prob, 0);
  } else {
    glp_std_basis(problem->prob);
  }
  return CGLPK_OK;
}

int cglpk_scale(cglpk_problem *problem) {
  GUARD(problem);
  glp_scale_prob(problem->prob, GLP_SF_AUTO);
  return CGLPK_OK;
}

static cglpk_state state_of(int status) {
  switch (status) {
  case GLP_OPT:
    return CGLPK_OPTIMAL;
  case GLP_FEAS:
    return CGLPK_FEASIBLE;
  case GLP_NOFEAS:
    return CGLPK_INFEASIBLE;
  case GLP_UNBND:
    return CGLPK_UNBOUNDED;
  // GLP_INFEAS says that the point is infeasible, not that the problem is.
  default:
    return CGLPK_UNDEFINED;
  }
}

int cglpk_simplex(cglpk_problem *problem, cglpk_method method, bool presolve, int32_t time_limit,
                  int32_t iteration_limit, cglpk_state *state) {
  GUARD(problem);
  glp_smcp parameters;
  glp_init_smcp(&parameters);
  parameters.msg_lev = GLP_MSG_OFF;
  parameters.meth = method == CGLPK_DUAL ? GLP_DUALP : GLP_PRIMAL;
  parameters.presolve = presolve ? GLP_ON : GLP_OFF;
  parameters.tm_lim = time_limit;
  parameters.it_lim = iteration_limit;
  int code = glp_simplex(problem->prob, &parameters);
  switch (code) {
  case 0:
    *state = state_of(glp_get_status(problem->prob));
    break;
  case GLP_ENOPFS:
    *state = CGLPK_INFEASIBLE;
    break;
  case GLP_ENODFS:
    *state = CGLPK_NO_DUAL;
    break;
  case GLP_ETMLIM:
  case GLP_EITLIM:
    *state = !presolve && glp_get_prim_stat(problem->prob) == GLP_FEAS ? CGLPK_LIMIT_FEASIBLE
                                                                       : CGLPK_LIMIT;
    break;
  default:
    *state = CGLPK_FAILED;
  }
  return CGLPK_OK;
}

// What the callback of the search sees and notes.
typedef struct {
  const cglpk_search *search;
  int columns;
  double *point;
  double deadline;
  double bound;
  bool injected;
  bool gap_reached;
} search_state;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void on_event(glp_tree *tree, void *info) {
  search_state *state = info;
  const cglpk_search *search = state->search;
  if ((search->is_cancelled != NULL && search->is_cancelled(search->context)) ||
      seconds() >= state->deadline) {
    glp_ios_terminate(tree);
    return;
  }
  int reason = glp_ios_reason(tree);
  if (reason == GLP_IHEUR && !state->injected && state->point != NULL) {
    state->injected = true;
    glp_ios_heur_sol(tree, state->point);
  }
  // The bound of the tree is the least of its open nodes; it only grows.
  if (reason != GLP_ISELECT && reason != GLP_IROWGEN && reason != GLP_IHEUR) {
    return;
  }
  int node = glp_ios_best_node(tree);
  if (node != 0) {
    double bound = glp_ios_node_bound(tree, node);
    if (bound > -DBL_MAX && bound > state->bound) {
      state->bound = bound;
    }
  }
  glp_prob *prob = glp_ios_get_prob(tree);
  if (search->gap >= 0 && glp_mip_status(prob) == GLP_FEAS && state->bound > -DBL_MAX) {
    double incumbent = glp_mip_obj_val(prob);
    if (incumbent - state->bound <= search->gap * fmax(1, fabs(incumbent))) {
      state->gap_reached = true;
      glp_ios_terminate(tree);
    }
  }
}

int cglpk_branch_and_cut(cglpk_problem *problem, const cglpk_search *search,
                         cglpk_search_result *result) {
  GUARD(problem);
  glp_prob *prob = problem->prob;
  // Static storage would be shared by threads; the heap of GLPK survives the jump.
  search_state *state = glp_alloc(1, sizeof *state);
  *state = (search_state){
      .search = search,
      .columns = glp_get_num_cols(prob),
      .deadline = seconds() + 1e-3 * search->time_limit,
      .bound = search->known_bound,
  };
  if (search->start != NULL) {
    state->point = glp_alloc(state->columns + 1, sizeof *state->point);
    state->point[0] = 0;
    memcpy(state->point + 1, search->start, (size_t)state->columns * sizeof *state->point);
  }
  glp_iocp parameters;
  glp_init_iocp(&parameters);
  parameters.msg_lev = GLP_MSG_OFF;
  parameters.presolve = search->presolve ? GLP_ON : GLP_OFF;
  parameters.tm_lim = search->time_limit;
  parameters.cb_func = on_event;
  parameters.cb_info = state;
  // The default of 1e-7 cuts off improvements of 1 in objectives of ten millions.
  parameters.tol_obj = 1e-9;
  if (search->mir_cuts) {
    parameters.mir_cuts = GLP_ON;
    parameters.bt_tech = GLP_BT_BPH;
  }
  int code = glp_intopt(prob, &parameters);
  result->bound = state->bound;
  result->gap_reached = state->gap_reached;
  switch (code) {
  case 0:
    result->state = state_of(glp_mip_status(prob));
    break;
  case GLP_ENOPFS:
    result->state = CGLPK_INFEASIBLE;
    break;
  case GLP_ENODFS:
    result->state = CGLPK_NO_DUAL;
    break;
  case GLP_ETMLIM:
  case GLP_ESTOP:
  case GLP_EMIPGAP: {
    int status = glp_mip_status(prob);
    result->state =
        status == GLP_FEAS || status == GLP_OPT ? CGLPK_LIMIT_FEASIBLE : CGLPK_LIMIT;
    break;
  }
  default: {
    int status = glp_mip_status(prob);
    result->state =
        status == GLP_FEAS || status == GLP_OPT ? CGLPK_LIMIT_FEASIBLE : CGLPK_FAILED;
  }
  }
  if (state->point != NULL) {
    glp_free(state->point);
  }
  glp_free(state);
  return CGLPK_OK;
}

int cglpk_values(cglpk_problem *problem, bool integer, double *values) {
  GUARD(problem);
  int columns = glp_get_num_cols(problem->prob);
  for (int j = 0; j < columns; j++) {
    values[j] =
        integer ? glp_mip_col_val(problem->prob, j + 1) : glp_get_col_prim(problem->prob, j + 1);
  }
  return CGLPK_OK;
}

int cglpk_duals(cglpk_problem *problem, double *duals) {
  GUARD(problem);
  int rows = glp_get_num_rows(problem->prob);
  for (int i = 0; i < rows; i++) {
    duals[i] = glp_get_row_dual(problem->prob, i + 1);
  }
  return CGLPK_OK;
}

int cglpk_size(cglpk_problem *problem, int32_t *rows, int32_t *columns, int32_t *entries,
               bool *maximised) {
  GUARD(problem);
  *rows = glp_get_num_rows(problem->prob);
  *columns = glp_get_num_cols(problem->prob);
  *entries = glp_get_num_nz(problem->prob);
  *maximised = glp_get_obj_dir(problem->prob) == GLP_MAX;
  return CGLPK_OK;
}

static double lower_of(int type, double bound) {
  return type == GLP_FR || type == GLP_UP ? -INFINITY : bound;
}

static double upper_of(int type, double bound) {
  return type == GLP_FR || type == GLP_LO ? INFINITY : bound;
}

int cglpk_read(cglpk_problem *problem, double *row_lower, double *row_upper, double *column_lower,
               double *column_upper, double *cost, bool *is_integer, int32_t *start, int32_t *row,
               double *value, double *constant) {
  GUARD(problem);
  glp_prob *prob = problem->prob;
  int rows = glp_get_num_rows(prob);
  int columns = glp_get_num_cols(prob);
  int *index = glp_alloc(rows + 1, sizeof *index);
  double *number = glp_alloc(rows + 1, sizeof *number);
  for (int i = 0; i < rows; i++) {
    int type = glp_get_row_type(prob, i + 1);
    row_lower[i] = lower_of(type, glp_get_row_lb(prob, i + 1));
    row_upper[i] = upper_of(type, glp_get_row_ub(prob, i + 1));
  }
  int32_t entries = 0;
  for (int j = 0; j < columns; j++) {
    int type = glp_get_col_type(prob, j + 1);
    column_lower[j] = lower_of(type, glp_get_col_lb(prob, j + 1));
    column_upper[j] = upper_of(type, glp_get_col_ub(prob, j + 1));
    cost[j] = glp_get_obj_coef(prob, j + 1);
    is_integer[j] = glp_get_col_kind(prob, j + 1) != GLP_CV;
    start[j] = entries;
    int count = glp_get_mat_col(prob, j + 1, index, number);
    for (int k = 1; k <= count; k++) {
      row[entries] = index[k] - 1;
      value[entries] = number[k];
      entries++;
    }
  }
  start[columns] = entries;
  *constant = glp_get_obj_coef(prob, 0);
  glp_free(index);
  glp_free(number);
  return CGLPK_OK;
}

static int name_of(cglpk_problem *problem, bool is_row, int32_t at, const char **name) {
  GUARD(problem);
  *name = is_row ? glp_get_row_name(problem->prob, at + 1) : glp_get_col_name(problem->prob, at + 1);
  return CGLPK_OK;
}

const char *cglpk_row_name(cglpk_problem *problem, int32_t row) {
  const char *name = NULL;
  return name_of(problem, true, row, &name) == CGLPK_OK ? name : NULL;
}

const char *cglpk_column_name(cglpk_problem *problem, int32_t column) {
  const char *name = NULL;
  return name_of(problem, false, column, &name) == CGLPK_OK ? name : NULL;
}
