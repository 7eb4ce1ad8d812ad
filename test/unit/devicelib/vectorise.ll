; One loop per function of the device library that must vectorise.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

declare float @msc_exp_f32(float)

define void @loop_exp_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_exp_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_erf_f32(float)

define void @loop_erf_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_erf_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_tanh_f32(float)

define void @loop_tanh_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_tanh_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_log_f32(float)

define void @loop_log_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_log_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_log1p_f32(float)

define void @loop_log1p_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_log1p_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_expm1_f32(float)

define void @loop_expm1_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_expm1_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_sin_f32(float)

define void @loop_sin_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_sin_f32(float %v)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare double @msc_exp_f64(double)

define void @loop_exp_f64(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %from
  %r = call double @msc_exp_f64(double %v)
  %to = getelementptr double, ptr %y, i64 %i
  store double %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare double @msc_tanh_f64(double)

define void @loop_tanh_f64(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %from
  %r = call double @msc_tanh_f64(double %v)
  %to = getelementptr double, ptr %y, i64 %i
  store double %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare double @msc_erfc_f64(double)

define void @loop_erfc_f64(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %from
  %r = call double @msc_erfc_f64(double %v)
  %to = getelementptr double, ptr %y, i64 %i
  store double %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare double @msc_lgamma_f64(double)

define void @loop_lgamma_f64(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %from
  %r = call double @msc_lgamma_f64(double %v)
  %to = getelementptr double, ptr %y, i64 %i
  store double %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare double @msc_atan_f64(double)

define void @loop_atan_f64(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr double, ptr %x, i64 %i
  %v = load double, ptr %from
  %r = call double @msc_atan_f64(double %v)
  %to = getelementptr double, ptr %y, i64 %i
  store double %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}

declare float @msc_pow_f32(float, float)

define void @loop_pow_f32(ptr noalias %x, ptr noalias %y, i64 %n) {
entry:
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %from = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %from
  %r = call float @msc_pow_f32(float %v, float 2.5)
  %to = getelementptr float, ptr %y, i64 %i
  store float %r, ptr %to
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %n
  br i1 %more, label %loop, label %exit

exit:
  ret void
}
