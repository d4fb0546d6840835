// SPDX-License-Identifier: GPL-3.0-or-later
public import LinearModels
public import University

extension LoadDistribution {
  /// The whole distribution as one mixed-integer model, for other solvers: its optimum is the least
  /// objective of FORMATS.md section 5, "Load", under L2–L5, S6 and the pinned teachers of T4.
  ///
  /// Variables: `n_T_G` tasks of group G (identical class tasks are counted) that teacher T takes,
  /// `p_T_W` whether T prepares work W (none where W is a single task: `n_T_G` says it), `h_T_P`
  /// hours of pool P (work of norms.csv) of T, `v_G` and `w_P` what stays vacant, `hours_T`,
  /// `over_T`, `under_T`, `short_T`; T, G, P and W count from 0.
  /// Tasks of disciplines with exams under L5 are told apart, so that L5 is exact. A least number of
  /// hours that cannot be reached costs more than anything else instead of making the model
  /// infeasible. What the timetable prefers is not in it. Size: O(pairs of teacher and group).
  public static func compactModel(
    _ institution: Institution, sections: University.Table<Section>, tasks: Table<LoadTask>
  ) -> LinearModel {
    let problem = LoadInput(institution, sections: sections, tasks: tasks).problem.untimed
    return CompactModel(
      problem, teachers: Array(problem.teachers.indices),
      shares: NormShares.whole(LoadState(problem)), apart: problem.examinedDisciplines
    ).model
  }
}
